import type { CatalogueModel, Fact } from '../../src/contracts/model-catalogue.ts';
import { formatSize } from '../terminal/format-size.ts';
import type { FileReport } from './check-model-file.ts';
import type { ModelChoice } from './choose-format.ts';
import { enginesOf } from './engine-fit.ts';
import type { Verdict } from './judge-device.ts';
import { known } from './load-catalogue.ts';

const COLUMNS = ['model', 'task', 'params', 'size', 'memory', 'license', 'device', 'engines'] as const;

/** Lines of a table of models; sizes with `~` are calculated. */
export function describeList(choices: readonly ModelChoice[]): string[] {
  const rows = choices.map(({ model, engines, weights, neededBytes, verdict }) => [
    model.id,
    known(model.task) ?? '?',
    parametersText(known(model.parameters)),
    weights === null ? '?' : `${weights.isCalculated ? '~' : ''}${formatSize(weights.bytes)}`,
    neededBytes === null ? '?' : formatSize(neededBytes),
    known(model.licence) ?? '?',
    verdict?.grade ?? '-',
    engines.join(', '),
  ]);
  const widths = COLUMNS.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(COLUMNS), ...rows.map(line)];
}

/** Lines that tell everything of a model, each fact with where it stands. */
export function describeModel(model: CatalogueModel, choice: ModelChoice | null): string[] {
  const { id, formats, ...facts } = model;
  const lines = Object.entries(facts).map(([field, fact]) => factLine(field, fact));
  const forms = formats.flatMap((format) => {
    const { kind, ...rest } = format;
    const engines = enginesOf(model, format);
    return [
      `${kind}, run by ${engines.length === 0 ? 'none of our engines' : engines.join(', ')}`,
      ...Object.entries(rest)
        .filter(([, fact]) => fact !== 'unknown')
        .map(([field, fact]) => `  ${factLine(field, fact)}`),
    ];
  });
  return [id, ...lines, ...forms, ...(choice === null ? [] : choiceLines(choice))];
}

function choiceLines({ weights, neededBytes, verdict }: ModelChoice): string[] {
  const lines: string[] = [];
  if (weights !== null)
    lines.push(
      `weights        ${formatSize(weights.bytes)}${weights.isCalculated ? ' (parameters × bits ÷ 8)' : ''}`,
    );
  if (neededBytes !== null) lines.push(`memory         ${formatSize(neededBytes)}`);
  if (verdict !== null) lines.push(verdictLine(verdict));
  return lines;
}

/** Lines that tell what a GGUF file is. */
export function describeFile(report: FileReport): string[] {
  const types = Object.entries(report.tensorTypes).map(([type, bytes]) => `${type} ${formatSize(bytes)}`);
  const { neededBytes, verdict } = report;
  return [
    `${report.file}, ${formatSize(report.sizeBytes)}`,
    `runs           ${report.runs ? 'yes, by the kernel' : `no: ${report.reason ?? ''}`}`,
    `name           ${printable(report.name ?? 'unknown')}`,
    `architecture   ${printable(report.architecture ?? 'unknown')}`,
    `parameters     ${parametersText(report.parameters)}`,
    `tensors        ${types.length === 0 ? 'unknown' : types.join(', ')}`,
    `tokenizer      ${printable(report.tokenizer ?? 'unknown')}`,
    `context        ${report.contextTokens === null ? 'unknown' : `${report.contextTokens} tokens`}`,
    `license        ${printable(report.licence ?? 'unknown')}`,
    ...(neededBytes === null ? [] : [`memory         ${formatSize(neededBytes)}`]),
    ...(verdict === null ? [] : [verdictLine(verdict)]),
  ];
}

function verdictLine({ grade, msPerToken, isMeasured }: Verdict): string {
  return `device         ${grade}, ${msPerToken.toFixed(1)} ms a token (${isMeasured ? 'measured' : 'bytes ÷ bandwidth'})`;
}

function factLine(field: string, fact: Fact<unknown>): string {
  if (fact === 'unknown') return `${field.padEnd(13)}  unknown`;
  const value = Array.isArray(fact.value) ? fact.value.join(', ') : String(fact.value);
  const derived = fact.derived === undefined ? '' : `derived: ${fact.derived}; `;
  return `${field.padEnd(13)}  ${value}  [${derived}${fact.from.join('; ')}]`;
}

function parametersText(parameters: number | null): string {
  if (parameters === null) return '?';
  return parameters >= 1e9 ? `${(parameters / 1e9).toFixed(1)}B` : `${(parameters / 1e6).toFixed(0)}M`;
}

/** Texts of a file must not move the cursor of the terminal, or turn its direction. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '\u{FFFD}').slice(0, 200);
}
