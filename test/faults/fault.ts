/** A row of the catalogue: a fault, how it is brought about, and what must come of it. */
export interface Fault {
  readonly id: number;
  readonly name: string;
  /**
   * `real`: in Chromium as visitors have it; `command`: the built command as owners run it, in Node.js; `stand-in`: injected into the
   * product's own code; `none`: not here.
   */
  readonly injection: 'real' | 'command' | 'stand-in' | 'none';
  /**
   * Plays it and gives the stable code that the owner is told, empty where none is due. It throws when something else than
   * what must be seen came of it. For `none`, says why. A remark tells what was
   * measured.
   */
  readonly play: () => Promise<string | Outcome> | string;
}

/** A code together with what was measured. */
export interface Outcome {
  readonly code: string;
  readonly remark: string;
}

/** What came of a fault. */
export interface FaultRow {
  readonly id: number;
  readonly name: string;
  readonly browser: string;
  readonly result: 'pass' | 'fail' | 'simulated' | 'never-run';
  /** The error code, empty where none is due. */
  readonly code: string;
  readonly remark: string;
}

const BROWSERS = { real: 'chromium', command: 'node', 'stand-in': '', none: '' } as const;
const RESULTS = { real: 'pass', command: 'pass', 'stand-in': 'simulated' } as const;

/** Plays one fault; never throws. */
export async function playFault(fault: Fault): Promise<FaultRow> {
  const { id, name, injection } = fault;
  const browser = BROWSERS[injection];
  try {
    const said = await fault.play();
    const { code, remark } = typeof said === 'string' ? { code: said, remark: '' } : said;
    if (injection === 'none') return { id, name, browser, result: 'never-run', code: '', remark: code };
    return { id, name, browser, result: RESULTS[injection], code, remark };
  } catch (error) {
    const remark = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { id, name, browser, result: 'fail', code: '', remark };
  }
}
