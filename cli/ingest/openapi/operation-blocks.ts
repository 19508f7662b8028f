import { isRecord } from '../../../src/contracts/json.ts';
import { cleanLine } from '../clean-text.ts';
import { readMarkdown } from '../markdown.ts';
import { paragraphBlock, tableBlock } from '../source-document.ts';
import type { Block } from '../source-document.ts';
import { writeCode, writeMarked } from '../write-inline.ts';
import type { Fields, Resolver } from './resolve-refs.ts';
import { limitsOf, scalar, schemaFields, typeOf } from './schema-fields.ts';
import type { SchemaField } from './schema-fields.ts';

/** An operation of a description: what one method does at one path. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly fields: Fields;
  /** Of the path and of the operation; the latter come last and count. */
  readonly parameters: readonly unknown[];
}

/** Most rows of a table of parameters or answers. */
const MAX_ROWS = 200;

/** Writes what an operation asks for and gives: path, description, parameters, fields of request and response, codes. */
export function operationBlocks(operation: Operation, resolver: Resolver): readonly Block[] {
  const { method, path, fields } = operation;
  const blocks: Block[] = [paragraphBlock(writeCode(`${method.toUpperCase()} ${path}`))];
  if (fields['deprecated'] === true) blocks.push(paragraphBlock('This operation is deprecated.'));
  blocks.push(...markdownBlocks(fields['description']));
  const parameters = parametersOf(operation, resolver);
  blocks.push(
    ...parameterTable(
      parameters.filter((parameter) => parameter['in'] !== 'body'),
      resolver,
    ),
  );
  const body = resolver.map(fields['requestBody']);
  const bodySchema =
    body === null
      ? parameters.find((parameter) => parameter['in'] === 'body')?.['schema']
      : contentSchema(body, resolver);
  blocks.push(...markdownBlocks(body?.['description']));
  blocks.push(...fieldTable('Fields of the request:', schemaFields(bodySchema, resolver)));
  blocks.push(...responseBlocks(resolver.map(fields['responses']), resolver));
  return blocks;
}

/** The blocks of a description in Markdown; its headings become strong lines. */
export function markdownBlocks(markdown: unknown): readonly Block[] {
  if (typeof markdown !== 'string' || markdown.trim() === '') return [];
  const { title, sections } = readMarkdown(markdown);
  const strong = (text: string): Block => paragraphBlock(writeMarked(text, '**'));
  return [
    ...(title === null ? [] : [strong(title)]),
    ...sections.flatMap(({ headings, blocks }) => {
      const heading = headings.at(-1);
      return heading === undefined ? blocks : [strong(heading), ...blocks];
    }),
  ];
}

/** A parameter of the operation stands for one of the path with the same name and place. */
function parametersOf({ parameters }: Operation, resolver: Resolver): readonly Fields[] {
  const byName = new Map<string, Fields>();
  for (const parameter of parameters) {
    const map = resolver.map(parameter);
    if (map !== null) byName.set(`${scalar(map['in'])} ${scalar(map['name'])}`, map);
  }
  return [...byName.values()].slice(0, MAX_ROWS);
}

function parameterTable(parameters: readonly Fields[], resolver: Resolver): readonly Block[] {
  if (parameters.length === 0) return [];
  const rows = parameters.map((parameter) => {
    // Version 2 writes the type beside the name.
    const schema = parameter['schema'] ?? parameter;
    const words = [oneLine(parameter['description']), limitsOf(schema, resolver)];
    return [
      writeCode(scalar(parameter['name'])),
      scalar(parameter['in']),
      parameter['required'] === true ? 'yes' : 'no',
      typeOf(schema, resolver),
      words.filter((text) => text !== '').join(' '),
    ];
  });
  return [
    paragraphBlock('Parameters:'),
    tableBlock([['Name', 'In', 'Required', 'Type', 'Description'], ...rows]),
  ];
}

function fieldTable(introduction: string, fields: readonly SchemaField[]): readonly Block[] {
  if (fields.length === 0) return [];
  const rows = fields.map(({ name, type, isRequired, description }) => [
    writeCode(name),
    isRequired ? 'yes' : 'no',
    type,
    oneLine(description),
  ]);
  return [paragraphBlock(introduction), tableBlock([['Field', 'Required', 'Type', 'Description'], ...rows])];
}

function responseBlocks(responses: Fields | null, resolver: Resolver): readonly Block[] {
  if (responses === null) return [];
  const entries = Object.entries(responses)
    .slice(0, MAX_ROWS)
    .flatMap(([code, value]) => {
      const response = resolver.map(value);
      return response === null ? [] : [{ code, response }];
    });
  if (entries.length === 0) return [];
  const rows = entries.map(({ code, response }) => [
    code === 'default' ? 'any other' : code,
    oneLine(response['description']),
  ]);
  const success = entries.find(({ code }) => code.startsWith('2'));
  const schema =
    success === undefined
      ? undefined
      : (success.response['schema'] ?? contentSchema(success.response, resolver));
  return [
    paragraphBlock('Answers:'),
    tableBlock([['Code', 'Meaning'], ...rows]),
    ...fieldTable(`Fields of the answer ${success?.code ?? ''}:`, schemaFields(schema, resolver)),
  ];
}

/** JSON where there is a choice. */
function contentSchema(holder: Fields, resolver: Resolver): unknown {
  const content = resolver.map(holder['content']);
  if (content === null) return undefined;
  const types = Object.keys(content);
  const type = types.find((name) => /json/i.test(name)) ?? types[0];
  const entry = type === undefined ? undefined : content[type];
  return isRecord(entry) ? entry['schema'] : undefined;
}

function oneLine(markdown: unknown): string {
  const blocks = markdownBlocks(markdown);
  return cleanLine(blocks.map((block) => block.markdown).join(' '));
}
