/** Reads languages and GGUF files by name from the model definitions in an unpacked wheel of Xinference. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const MODELS = 'xinference/model/llm/models';

export function readXinference(folder) {
  const files = new Map();
  const languages = new Map();
  for (const file of readdirSync(join(folder, MODELS)).filter((name) => name.endsWith('.json'))) {
    const content = JSON.parse(readFileSync(join(folder, MODELS, file), 'utf8'));
    for (const model of Array.isArray(content) ? content : [content]) {
      for (const { model_format: format, model_src: sources } of model.model_specs ?? []) {
        const source = sources?.huggingface;
        if (source === undefined) continue;
        if (format === 'pytorch')
          languages.set(source.model_id, { place: `${MODELS}/${file}`, codes: model.model_lang });
        const template = source.model_file_name_template;
        if (
          format !== 'ggufv2' ||
          template === undefined ||
          !/^[^/{}]+\{quantization\}\.gguf$/.test(template)
        )
          continue;
        files.set(
          source.model_id,
          source.quantizations.map((quantization) => ({
            place: `${MODELS}/${file}`,
            quantization: quantization.toUpperCase(),
            file: template.replace('{quantization}', quantization),
          })),
        );
      }
    }
  }
  return { files, languages };
}
