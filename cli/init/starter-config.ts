/** What `understudy init` asks. */
export interface StarterAnswers {
  readonly appId: string;
  readonly name: string;
  readonly languages: readonly string[];
  /** Path of the folder of pages, relative to the configuration. */
  readonly pages: string;
  /** Address pattern of a page; '' when pages have none. */
  readonly url: string;
}

/** Writes the understudy.yml a new owner begins with. */
export function starterConfig(answers: StarterAnswers): string {
  const { appId, name, languages, pages, url } = answers;
  const quoted = (text: string): string => JSON.stringify(text);
  return `# What \`understudy build\` makes a bundle from. All keys: docs/configuration.md
app: ${appId}
name: ${quoted(name)}
# The first is used where nothing else says which.
languages: [${languages.join(', ')}]
sources:
  # Markdown, HTML, text, PDF, DOCX and OpenAPI pages, and CSV or JSONL files with questions and answers;
  # or the address of a site, as in - https://help.example.com/
  - path: ${quoted(pages)}
${url === '' ? '    # url: /help/{path}.html' : `    url: ${quoted(url)}`}
intents: intents.yml
branding:
  title: ${quoted(name)}
  # greeting: Hello! Ask me about your order.
  # accent: "#0b6e6e"
  # suggestions: [Where is my order?, How do I return something?]
  # contactUrl: /contact.html
# default: the small model of the package words answers; none: extracts only; or the path of a GGUF file or of an ONNX folder.
generator: default
`;
}
