import type { Moderation } from '../../src/contracts/plan.ts';
import { flagOf, integerOf, jsonOf, listOf, recordOf, textOf, textsOf } from './data-fields.ts';
import type { DifyFeatures, DifyRemark, LeftOut } from './dify-app.ts';
import { findCredentials, withoutCredentials } from './find-credentials.ts';
import type { SourcePlace } from '../ingest/source-error.ts';

/** Most keywords of a moderation, as in Dify. */
const MAX_KEYWORDS = 100;

/** What {@link readFeatures} found. */
export interface ReadFeatures {
  readonly features: DifyFeatures;
  readonly remarks: readonly DifyRemark[];
  readonly leftOut: readonly LeftOut[];
}

/** Reads the features of an app: of `workflow.features`, or of `model_config`, where they have the same names. */
export function readFeatures(
  value: unknown,
  placeOf: (...path: readonly string[]) => SourcePlace,
): ReadFeatures {
  const data = recordOf(value);
  const remarks: DifyRemark[] = [];
  const remark = (key: string, what: string): void => {
    remarks.push({ place: placeOf(key), node: null, what });
  };
  const leftOut = (['opening_statement', 'suggested_questions', 'sensitive_word_avoidance'] as const).flatMap(
    (key) => {
      const found = findCredentials(JSON.stringify(jsonOf(data[key])));
      return found.map(({ kind }): LeftOut => ({
        place: placeOf(key),
        node: null,
        what: `${kind} in "${key}"`,
      }));
    },
  );
  const upload = recordOf(data['file_upload']);
  const image = recordOf(upload['image']);
  for (const [key, what] of [
    ['speech_to_text', 'speech input is left to the cloud: the widget takes text'],
    ['text_to_speech', 'spoken answers are left to the cloud: the widget shows text'],
  ] as const) {
    if (flagOf(recordOf(data[key])['enabled'])) remark(key, what);
  }
  return {
    features: {
      openingStatement: withoutCredentials(textOf(data['opening_statement'])),
      suggestedQuestions: textsOf(data['suggested_questions']).map(withoutCredentials),
      suggestsQuestionsAfterAnswer: flagOf(recordOf(data['suggested_questions_after_answer'])['enabled']),
      // Exports of 2023 have no such switch and show citations.
      showsCitations: flagOf(recordOf(data['retriever_resource'])['enabled'], true),
      moderation: readModeration(data['sensitive_word_avoidance'], (what) =>
        remark('sensitive_word_avoidance', what),
      ),
      hasAnnotations: flagOf(recordOf(data['annotation_reply'])['enabled']),
      fileUpload: {
        isEnabled: flagOf(upload['enabled']) || flagOf(image['enabled']),
        types: 'allowed_file_types' in upload ? textsOf(upload['allowed_file_types']) : ['image'],
        extensions: textsOf(upload['allowed_file_extensions']).map((extension) => extension.toLowerCase()),
        limit: integerOf(upload['number_limits'] ?? image['number_limits'], 3, 1, 100),
      },
    },
    remarks,
    leftOut,
  };
}

function readModeration(value: unknown, remark: (what: string) => void): Moderation | null {
  const data = recordOf(value);
  if (!flagOf(data['enabled'])) return null;
  const type = textOf(data['type']);
  if (type !== 'keywords') {
    remark(`moderation by "${type}" needs the cloud; on the device messages and answers are not moderated`);
    return null;
  }
  const config = recordOf(data['config']);
  const keywords = keywordsOf(config['keywords']);
  const said = (key: string): string | null => {
    const side = recordOf(config[key]);
    return flagOf(side['enabled']) ? withoutCredentials(textOf(side['preset_response'])) : null;
  };
  const [onInput, onOutput] = [said('inputs_config'), said('outputs_config')];
  if (keywords.length === 0 || (onInput === null && onOutput === null)) {
    remark('moderation is on but has no keywords, or looks at neither messages nor answers');
    return null;
  }
  return { keywords, onInput, onOutput };
}

/** One keyword a line; some files written by hand have a list. */
function keywordsOf(value: unknown): readonly string[] {
  const lines = Array.isArray(value) ? listOf(value).map((item) => textOf(item)) : textOf(value).split('\n');
  const words = lines.map((line) => line.trim().toLowerCase()).filter((line) => line !== '');
  return [...new Set(words)].slice(0, MAX_KEYWORDS);
}
