/** Packs an archive for a test: members by name, deflated, or as they are where asked. */
export async function packZip(
  members: { readonly [name: string]: string },
  options: { readonly isStored?: boolean } = {},
): Promise<Uint8Array> {
  const encoder = new TextEncoder();
  const bodies: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const [name, text] of Object.entries(members)) {
    const data = encoder.encode(text);
    const packed = options.isStored === true ? data : await deflate(data);
    const nameBytes = encoder.encode(name);
    const method = options.isStored === true ? 0 : 8;
    const sizes = [...numbers(4, 0, packed.length, data.length), ...numbers(2, nameBytes.length)];
    const common = [...numbers(2, 20, 0, method, 0, 0), ...sizes];
    const header = Uint8Array.from([...numbers(4, 0x04034b50), ...common, ...numbers(2, 0), ...nameBytes]);
    bodies.push(header, packed);
    directory.push(
      Uint8Array.from([
        ...numbers(4, 0x02014b50),
        ...numbers(2, 20),
        ...common,
        ...numbers(2, 0, 0, 0, 0),
        ...numbers(4, 0, at),
        ...nameBytes,
      ]),
    );
    at += header.length + packed.length;
  }
  const sizeBytes = directory.reduce((sum, entry) => sum + entry.length, 0);
  const end = Uint8Array.from([
    ...numbers(4, 0x06054b50),
    ...numbers(2, 0, 0, directory.length, directory.length),
    ...numbers(4, sizeBytes, at),
    ...numbers(2, 0),
  ]);
  return join([...bodies, ...directory, end]);
}

async function deflate(data: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([new Uint8Array(data)]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Little-endian numbers of some bytes each. */
function numbers(bytes: number, ...values: readonly number[]): readonly number[] {
  return values.flatMap((value) =>
    Array.from({ length: bytes }, (_, index) => (value >>> (8 * index)) & 0xff),
  );
}

function join(pieces: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(pieces.flatMap((piece) => [...piece]));
}
