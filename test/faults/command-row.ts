/** What a command line of `understudy` came to. */
export interface Ran {
  readonly status: number;
  readonly out: string;
  readonly notes: string;
  /** The most memory its process had; absent where it ran in the process of a test. */
  readonly memoryBytes?: number;
}

/** What a row is played with. */
export interface RowStage {
  /** Runs `understudy` with these arguments. */
  run(...args: string[]): Promise<Ran>;
  /** Makes a folder of files and gives its path. */
  make(files: { readonly [path: string]: string | Uint8Array }): string;
}

/** A row of the catalogue that is played with the command. */
export interface CommandRow {
  readonly id: number;
  readonly name: string;
  /** Throws when something else than what must be seen came of it; gives the code that the owner is told. */
  play(stage: RowStage): Promise<string>;
}
