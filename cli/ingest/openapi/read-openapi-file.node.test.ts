import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { outlineOf, readOneFile } from '../../../test/fixtures/read-one-file.ts';

const SHOP = `openapi: 3.1.0
info: { title: Orders, version: "1", description: "How to **order**." }
servers: [{ url: https://api.example.com/v1, description: live }]
tags: [{ name: Orders, description: All about orders. }]
paths:
  /orders/{id}:
    parameters: [{ $ref: "#/components/parameters/Id" }]
    get:
      tags: [Orders]
      summary: Look up an order
      description: |
        Gives one order.

        - needs a key
      responses:
        "200": { description: The order, content: { application/json: { schema: { $ref: "#/components/schemas/Order" } } } }
        "404": { $ref: "#/components/responses/Missing" }
  /orders:
    post:
      operationId: createOrder
      requestBody: { content: { application/json: { schema: { $ref: "#/components/schemas/Order" } } } }
      responses: { default: { description: "Any | error" } }
components:
  securitySchemes: { key: { type: apiKey, in: header, name: X-Key } }
  parameters: { Id: { name: id, in: path, required: true, description: Number of the order, schema: { type: integer } } }
  responses: { Missing: { description: No such order } }
  schemas:
    Order:
      type: object
      required: [state]
      properties:
        state: { type: string, enum: [open, paid] }
        items: { type: array, items: { $ref: "#/components/schemas/Item" } }
        parent: { $ref: "#/components/schemas/Order" }
    Item: { allOf: [{ properties: { sku: { type: string, description: Number of the thing } } }] }
`;

const ORDER_ROWS = [
  '| `state` | yes | string | One of: open, paid. |',
  '| `items` | no | array of Item |  |',
  '| `items[].sku` | no | string | Number of the thing |',
  '| `parent` | no | object |  |',
].join('\n');

describe('an OpenAPI description', () => {
  it('is read as a section for the whole and one for each operation', async () => {
    const { documents } = await readOneFile('shop.yaml', SHOP);
    assert.equal(documents[0]?.title, 'Orders');
    assert.deepEqual(outlineOf(documents[0]), [
      [
        '',
        'How to **order**.\n\nAddresses:\n\n- `https://api.example.com/v1`: live\n\nAuthentication:\n\n- `key`: apiKey, header `X-Key`',
      ],
      ['Orders', 'All about orders.'],
      [
        'Orders > Look up an order',
        '`GET /orders/{id}`\n\nGives one order.\n\n- needs a key\n\nParameters:\n\n' +
          '| Name | In | Required | Type | Description |\n| --- | --- | --- | --- | --- |\n| `id` | path | yes | integer | Number of the order |\n\n' +
          'Answers:\n\n| Code | Meaning |\n| --- | --- |\n| 200 | The order |\n| 404 | No such order |\n\n' +
          `Fields of the answer 200:\n\n| Field | Required | Type | Description |\n| --- | --- | --- | --- |\n${ORDER_ROWS}`,
      ],
      [
        'createOrder',
        `\`POST /orders\`\n\nFields of the request:\n\n| Field | Required | Type | Description |\n| --- | --- | --- | --- |\n${ORDER_ROWS}\n\n` +
          'Answers:\n\n| Code | Meaning |\n| --- | --- |\n| any other | Any \\| error |',
      ],
    ]);
  });

  it('is read in version 2 and in JSON too', async () => {
    const file = {
      swagger: '2.0',
      info: { title: 'Old' },
      host: 'api.example.com',
      basePath: '/v2',
      paths: {
        '/a': {
          put: {
            parameters: [
              { name: 'n', in: 'query', type: 'integer', default: 5 },
              { name: 'b', in: 'body', schema: { $ref: '#/definitions/B' } },
            ],
            responses: { 200: { description: 'Done', schema: { properties: { ok: { type: 'boolean' } } } } },
          },
        },
      },
      definitions: { B: { properties: { color: { type: 'string' } } } },
    };
    const { documents } = await readOneFile('old.json', JSON.stringify(file));
    const text = JSON.stringify(outlineOf(documents[0]));
    for (const part of ['https://api.example.com/v2', 'Default: 5.', '`color`', '`ok`', 'PUT /a'])
      assert.ok(text.includes(part), part);
  });

  it('is told apart from other files of its formats, such as the export of an app', async () => {
    for (const [name, text] of [
      ['app.yml', 'app: { name: x }\nkind: app\nworkflow:\n  tools: |\n    openapi: 3.0.0\n    paths: {}\n'],
      ['data.json', '{"a": [1, 2]}'],
      ['broken.json', '{"a": '],
      ['latin.yaml', 'name: "gr\u00fc\u00df"'],
    ] as const) {
      const { documents, remarks, fileCount } = await readOneFile(name, text);
      const extension = name.slice(name.indexOf('.'));
      assert.deepEqual([documents.length, fileCount], [0, 0]);
      assert.deepEqual(remarks, [
        {
          kind: 'skipped',
          file: `help/${name}`,
          line: null,
          message: `skipped: "${extension}" is no kind of page`,
        },
      ]);
    }
  });
});

describe('a hostile OpenAPI description', () => {
  async function reason(name: string, text: string): Promise<string> {
    const { documents, remarks } = await readOneFile(name, text);
    assert.deepEqual([documents.length, remarks.map(({ kind }) => kind)], [0, ['skipped']]);
    return remarks[0]?.message ?? '';
  }

  it('is skipped when it is broken, too deep, or expands without end', async () => {
    assert.match(await reason('a.yaml', 'openapi: 3.0.0\npaths: [\n'), /broken in line \d/);
    assert.match(await reason('a.json', '{"openapi": "3.0.0", "paths": '), /broken/);
    const deep = `{"openapi": "3.0.0", "paths": ${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
    assert.match(await reason('a.json', deep), /broken/);
    const bomb = [
      'a: &a [x, x, x, x, x, x, x, x, x]',
      ...Array.from(
        'bcdefgh',
        (name, index) =>
          `${name}: &${name} [${Array.from({ length: 9 }, () => `*${'abcdefgh'.charAt(index)}`).join(', ')}]`,
      ),
    ];
    assert.match(await reason('a.yaml', `openapi: 3.0.0\n${bomb.join('\n')}\n`), /broken/);
  });

  it('follows no reference in a circle, out of the file, or to what objects inherit', async () => {
    const schema = (reference: string): object => ({
      post: { requestBody: { content: { 'application/json': { schema: { $ref: reference } } } } },
    });
    const file = {
      openapi: '3.0.0',
      paths: Object.fromEntries(
        [
          '#/components/schemas/A',
          'file:///etc/passwd',
          'https://example.com/x.json',
          '#/constructor/prototype',
          '#/components/schemas/Wide',
        ].map((reference, index) => [`/${index}`, schema(reference)]),
      ),
      components: {
        schemas: {
          A: { $ref: '#/components/schemas/B' },
          B: { $ref: '#/components/schemas/A' },
          // Each level doubles what there is to look into.
          Wide: { allOf: Array.from({ length: 40 }, () => ({ $ref: '#/components/schemas/Wider' })) },
          Wider: {
            properties: Object.fromEntries(
              Array.from({ length: 400 }, (_, index) => [`f${index}`, { $ref: '#/components/schemas/Wide' }]),
            ),
          },
        },
      },
    };
    const { documents } = await readOneFile('a.json', JSON.stringify(file));
    const sections = outlineOf(documents[0]);
    assert.deepEqual(
      sections.slice(0, 4).map(([, text]) => text),
      [0, 1, 2, 3].map((index) => `\`POST /${index}\``),
    );
    assert.equal(sections[4]?.[1].match(/^\| `/gm)?.length, 200);
  });

  it('is read or skipped, whatever it holds in its places', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), async (info, item, schemas) => {
        const file = {
          openapi: '3.0.0',
          info,
          tags: item,
          servers: schemas,
          paths: {
            '/a': item,
            '/b': {
              get: item,
              post: {
                parameters: info,
                requestBody: { content: { x: { schema: schemas } } },
                responses: { 200: item, 400: info },
              },
            },
          },
          components: { schemas },
        };
        const { remarks } = await readOneFile('a.json', JSON.stringify(file));
        assert.ok(remarks.every(({ kind }) => kind !== 'encoding'));
      }),
      { numRuns: 150 },
    );
  });
});
