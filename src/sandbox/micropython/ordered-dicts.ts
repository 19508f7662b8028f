import { UnderstudyError } from '../../contracts/errors.ts';

/**
 * The body of MicroPython's `mp_map_init`, up to the store of its flags: bit 0 says that all keys are interned, bit 2 that entries
 * keep their order.
 */
const MAP_INIT = [0x20, 0x00, 0x41, 0x01, 0x36, 0x02, 0x00, 0x20, 0x00, 0x20, 0x01, 0x36, 0x02, 0x08, 0x0b];
const FLAGS_AT = 3;
const ORDERED_FLAGS = 0x05;

/**
 * Makes every dict of MicroPython keep the order of its keys, as Python promises: the flag that its own OrderedDict sets is set for
 * all of them, in a copy of the program.
 *
 * Without it `for key in reply` and `json.dumps(reply)` would give another order on the device than on the server.
 * @throws UnderstudyError `sandbox/unavailable` when the file is not the one this release was made for.
 */
export function withOrderedDicts(program: Uint8Array): Uint8Array<ArrayBuffer> {
  const found: number[] = [];
  const end = program.length - MAP_INIT.length;
  for (let at = 0; at < end; at += 1) {
    // The whole is compared only where its rarest bytes stand: this runs before the first code step.
    if (program[at] !== 0x20 || program[at + 5] !== 0x02 || program[at + 14] !== 0x0b) continue;
    if (MAP_INIT.every((byte, index) => program[at + index] === byte)) found.push(at);
  }
  const [at] = found;
  if (at === undefined || found.length > 1)
    throw new UnderstudyError('sandbox/unavailable', 'The file micropython.wasm is of another release.');
  const changed = new Uint8Array(program);
  changed[at + FLAGS_AT] = ORDERED_FLAGS;
  return changed;
}
