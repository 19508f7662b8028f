import { after, describe, it } from 'node:test';
import { pageRows } from '../faults/page-rows.ts';
import { runCommand } from './run-command.ts';
import { sampleFolders } from './sample-folder.ts';

const samples = sampleFolders();
after(() => samples.removeAll());

describe('a fault of pages', () => {
  for (const row of pageRows)
    it(`comes to what the catalogue says: ${String(row.id)}, ${row.name}`, async () => {
      await row.play({ make: (files) => samples.make(files), run: (...args) => runCommand(args) });
    });
});
