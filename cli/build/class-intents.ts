import type { IntentDefinition } from '../../src/contracts/intent.ts';
import { isRecord } from '../../src/contracts/json.ts';
import type { Plan } from '../../src/contracts/plan.ts';
import type { AppConfig } from '../config/build-config.ts';

/** A class of a question classifier as an intent, with the messages that show it. */
export interface ClassIntent {
  readonly definition: IntentDefinition;
  readonly examples: readonly string[];
}

/** Separators in the names of classes that owners use to list what belongs to them. */
const SEPARATOR = /[,;/|\n，、；。]|\s(?:or|and|und|oder)\s|或者?|以及/u;

/** Id of the intent that stands for a class of a `question-classifier` step. */
export function classIntentId(stepId: string, classId: string): string {
  return `class:${stepId}:${classId}`;
}

/**
 * Makes intents of the classes of a plan's question classifiers: their names, what the names list, and the owner's examples show them.
 * @returns The intents, and remarks on classes that have nothing but a name and on examples for classes that are not there.
 */
export function classIntents(
  plan: Plan,
  examples: AppConfig['classes'],
): { readonly intents: readonly ClassIntent[]; readonly remarks: readonly string[] } {
  const intents: ClassIntent[] = [];
  const remarks: string[] = [];
  const known = new Set<string>();
  for (const step of plan.steps) {
    if (step.kind !== 'question-classifier' || step.site !== 'edge') continue;
    const classes = Array.isArray(step.config['classes']) ? step.config['classes'] : [];
    let bare = 0;
    for (const entry of classes) {
      if (!isRecord(entry) || typeof entry['id'] !== 'string' || typeof entry['name'] !== 'string') continue;
      const { id, name } = entry;
      known.add(`${step.id}\n${id}`);
      const own = examples[step.id]?.[id] ?? [];
      if (own.length === 0) bare += 1;
      const parts = name
        .split(SEPARATOR)
        .map((part) => part.trim())
        .filter((part) => part.length > 1);
      intents.push({
        definition: {
          id: classIntentId(step.id, id),
          name,
          action: 'retrieve',
          answer: null,
          suggestions: {},
        },
        examples: [...new Set([name, ...(parts.length > 1 ? parts : []), ...own])],
      });
    }
    if (bare > 0) {
      remarks.push(
        `question classifier "${step.title || step.id}": ${String(bare)} classes have no examples; add "classes: { ${JSON.stringify(step.id)}: { CLASS: [messages] } }" to understudy.yml`,
      );
    }
  }
  for (const [node, classes] of Object.entries(examples)) {
    for (const id of Object.keys(classes))
      if (!known.has(`${node}\n${id}`))
        remarks.push(`classes: node "${node}" has no class "${id}"; its examples are not used`);
  }
  return { intents, remarks };
}
