/**
 * What a message is about where no page can be its answer: somebody is in danger, somebody thinks of hurting themselves, the message
 * asks for the instructions of the assistant, or it is nothing but an insult. Also the ids of the intents whose answers replace the built-in words.
 */
export type Concern = 'emergency' | 'self_harm' | 'prompt_request' | 'insult';

/** A concern, and the language that told it. */
export interface FoundConcern {
  readonly concern: Concern;
  /** BCP 47 primary subtag. */
  readonly language: string;
}

/** What is heard in a message before any step looks at it. */
export interface HeardMessage {
  /** Null where the pages may answer. */
  readonly concern: FoundConcern | null;
  /** What is asked, without insults around it. */
  readonly question: string;
}
