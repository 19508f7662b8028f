import type { Json } from '../../contracts/json.ts';
import { isRecord } from '../../contracts/json.ts';

/**
 * What the chat formats of models are made of: `<|im_end|>` and its relatives, `[INST]`, `<<SYS>>`, `<start_of_turn>`, `<s>`,
 * thoughts and calls of tools.
 */
const CONTROL =
  /<[|｜][^<>\n]{0,64}[|｜]>|<\/?(?:s|bos|eos|pad|unk|think|tool_call|tool_response|start_of_turn|end_of_turn|start_of_image|eot_id)>|\[\/?(?:INST|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|SYSTEM_PROMPT)\]|<<\/?SYS>>/giu;

/**
 * Takes the force out of what a model could take for the end of a message, by a space behind its first character.
 *
 * Most engines cut content into tokens by themselves and never make a special one of it; those that hand texts to a runtime cannot
 * know. Visitors, passages and other services write into prompts: what they write passes here, what the owner wrote does not.
 */
export function harmlessText(text: string): string {
  return text.replace(CONTROL, (match) => `${match.slice(0, 1)} ${match.slice(1)}`);
}

/** The same for every text within a value. */
export function harmlessValue(value: Json): Json {
  if (typeof value === 'string') return harmlessText(value);
  if (Array.isArray(value)) return value.map((item: Json) => harmlessValue(item));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, harmlessValue(item)] as const),
  );
}
