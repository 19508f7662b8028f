import { expect } from '@open-wc/testing';
import { fetchKernel, openKernel } from '../../../test/fixtures/kernel-builds.ts';
import { halfValue, seededRandom } from '../../../test/fixtures/quantized-rows.ts';

const BLOCK_BYTES = 22;
const COLUMNS = 96;
const Q5_0 = 6;
const Q8_0 = 8;

/** Numbers of a row of Q5_0, one at a time (block_q5_0 of ggml). */
function valuesOf(row: Uint8Array): number[] {
  const view = new DataView(row.buffer, row.byteOffset);
  return Array.from({ length: COLUMNS }, (_, column) => {
    const at = Math.floor(column / 32) * BLOCK_BYTES;
    const inner = column % 32;
    const byte = row[at + 6 + (inner % 16)] ?? 0;
    const low = inner < 16 ? byte & 15 : byte >> 4;
    const high = (view.getUint32(at + 2, true) >>> inner) & 1;
    return halfValue(view.getUint16(at, true)) * (low + 16 * high - 16);
  });
}

describe('types that are packed as another one', () => {
  it('keep every number of Q5_0', async () => {
    const { arena, kernel } = await openKernel(fetchKernel, 'plain');
    const random = seededRandom(3);
    const rowBytes = (COLUMNS / 32) * BLOCK_BYTES;
    const rows = Uint8Array.from({ length: rowBytes * 5 }, () => Math.floor(random() * 256));
    for (let at = 0; at < rows.length; at += BLOCK_BYTES) {
      // A scale that is a number: 2^-8 to 2^-1, of either sign.
      rows[at + 1] = (random() < 0.5 ? 0x80 : 0) | (0x1c + Math.floor(random() * 0x1c));
    }
    const staging = arena.take(rows.length);
    const groupBytes = (COLUMNS / 32) * 272;
    const group = arena.take(groupBytes);
    const matrix = arena.take(16);
    const out = arena.take(COLUMNS * 4);
    arena.bytes.set(rows, staging);
    expect(kernel.pack(Q5_0, staging, rowBytes, 5, COLUMNS, group, groupBytes)).to.equal(1);
    arena.writeWords(matrix, [Q8_0, group, 8, COLUMNS]);
    for (let row = 0; row < 5; row += 1) {
      kernel.readRow(matrix, row, out);
      const wanted = valuesOf(rows.slice(row * rowBytes, (row + 1) * rowBytes));
      expect([...arena.floats(out, COLUMNS)].map((value) => value + 0)).to.deep.equal(
        wanted.map((value) => Math.fround(value) + 0),
      );
    }
  });
});
