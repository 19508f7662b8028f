import { closeBrowser } from '../e2e/stage.ts';
import { browserFaults } from './browser-faults.ts';
import { commandFaults } from './command-faults.ts';
import { engineFaults } from './engine-faults.ts';
import { leadFaults } from './lead-faults.ts';
import type { FaultRow } from './fault.ts';
import { playFault } from './fault.ts';
import { visitorFaults } from './visitor-faults.ts';

/**
 * Plays the rows of the catalogue in the order of their numbers.
 * @param wanted - Numbers of the rows; null = all.
 */
export async function runFaults(
  wanted: readonly number[] | null,
  onRow: (row: FaultRow) => void,
): Promise<readonly FaultRow[]> {
  const rows: FaultRow[] = [];
  try {
    const faults = [...browserFaults, ...engineFaults, ...leadFaults, ...commandFaults, ...visitorFaults];
    for (const fault of faults.sort((a, b) => a.id - b.id)) {
      if (wanted !== null && !wanted.includes(fault.id)) continue;
      const row = await playFault(fault);
      rows.push(row);
      onRow(row);
    }
  } finally {
    await closeBrowser();
  }
  return rows;
}
