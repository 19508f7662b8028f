import type { Rating } from '../../src/contracts/responder.ts';
import type { ErrorReport } from '../../src/contracts/errors.ts';
import type { TurnForm } from '../../src/contracts/form.ts';
import type { Citation } from '../../src/contracts/passage.ts';
import type { TranscriptEntry } from '../../src/contracts/protocol.ts';
import type {
  HandoffReason,
  NoticeCode,
  ResponderKind,
  RouteReason,
  TurnPart,
  TurnSummary,
} from '../../src/contracts/turn.ts';

/**
 * Where a turn stands.
 *
 * `queued` waits for the turn before it or for the connection, `asking` for the first text; `cut` was interrupted by
 * a reload, `stopped` by the visitor.
 */
export type TurnState = 'queued' | 'asking' | 'answering' | 'answered' | 'failed' | 'stopped' | 'cut';

/** A form that a turn showed. */
export interface FormView {
  readonly form: TurnForm;
  /** Number of characters of the segment's text that stand above it. */
  readonly at: number;
  /** `refused` came too late, `failed` may be tried again. */
  readonly state: 'open' | 'sending' | 'failed' | 'refused' | 'closed';
  /** The button that closed it, '' when none did. */
  readonly label: string;
}

/** What one responder said. */
export interface Segment {
  readonly responder: ResponderKind;
  readonly reason: RouteReason;
  /** Markdown subset. */
  readonly text: string;
  readonly citations: readonly Citation[];
  /** In the order they were shown. */
  readonly forms: readonly FormView[];
}

/** One question and its answer as the panel shows them; replaced, never changed in place. */
export interface TurnView {
  readonly id: string;
  readonly question: string;
  readonly state: TurnState;
  readonly segments: readonly Segment[];
  readonly suggestions: readonly string[];
  readonly notices: readonly NoticeCode[];
  readonly handoff: HandoffReason | null;
  readonly error: ErrorReport | null;
  readonly summary: TurnSummary | null;
  /** What the visitor thinks of the answer, null when it was not said. */
  readonly rating: Rating | null;
}

/** A turn that was just sent. */
export function newTurn(id: string, question: string): TurnView {
  return {
    id,
    question,
    state: 'queued',
    segments: [],
    suggestions: [],
    notices: [],
    handoff: null,
    error: null,
    summary: null,
    rating: null,
  };
}

/** A turn of an earlier visit. */
export function restoredTurn(entry: TranscriptEntry): TurnView {
  const { summary, answer } = entry;
  const segment: Segment = {
    responder: summary?.responder ?? 'understudy',
    reason: summary?.reason ?? 'no-lead',
    text: summary?.text ?? answer,
    citations: summary?.citations ?? [],
    forms: [],
  };
  const states = { pending: 'cut', answered: 'answered', failed: 'failed' } as const;
  return {
    ...newTurn(entry.id, entry.question),
    state: states[entry.state],
    segments: segment.text === '' ? [] : [segment],
    summary,
  };
}

/** True while the turn waits for the visitor to fill in a form. */
export function hasOpenForm(turn: TurnView): boolean {
  const waiting: ReadonlySet<string> = new Set<FormView['state']>(['open', 'sending', 'failed']);
  return isOpen(turn) && turn.segments.some(({ forms }) => forms.some(({ state }) => waiting.has(state)));
}

/** True while something may still be added to the turn. */
export function isOpen(turn: TurnView): boolean {
  return turn.state === 'queued' || turn.state === 'asking' || turn.state === 'answering';
}

/** The turn after one more part of its stream; parts after the end change nothing. */
export function applyPart(turn: TurnView, part: TurnPart): TurnView {
  if (!isOpen(turn)) return turn;
  switch (part.type) {
    case 'route-decided':
      return {
        ...turn,
        state: 'asking',
        segments: [
          ...turn.segments.filter(isShown),
          { responder: part.responder, reason: part.reason, text: '', citations: [], forms: [] },
        ],
      };
    case 'text-delta':
      return {
        ...withSegment(turn, (segment) => ({ ...segment, text: segment.text + part.text })),
        state: 'answering',
      };
    case 'citation':
      return withSegment(turn, (segment) => ({ ...segment, citations: addCitation(segment, part.citation) }));
    case 'suggestion':
      return { ...turn, suggestions: [...new Set([...turn.suggestions, part.text])] };
    case 'notice':
      return { ...turn, notices: [...new Set([...turn.notices, part.code])] };
    case 'handoff':
      return { ...turn, handoff: part.reason };
    case 'form':
      return {
        ...withSegment(turn, (segment) => ({
          ...segment,
          forms: [...segment.forms, { form: part.form, at: segment.text.length, state: 'open', label: '' }],
        })),
        state: 'answering',
      };
    case 'form-closed':
      return {
        ...withForm(turn, part.formId, () => ({ state: 'closed', label: part.label })),
        // What comes next is waited for, as at the beginning.
        state: 'asking',
      };
    case 'end':
      return { ...completed(withoutOpenForms(turn), part.summary), state: 'answered', summary: part.summary };
    case 'error':
      return {
        ...withoutOpenForms(turn),
        state: part.error.code === 'turn/aborted' ? 'stopped' : 'failed',
        error: part.error,
        segments: withoutOpenForms(turn).segments.filter(isShown),
      };
  }
}

/** The turn with one of its forms changed. */
export function withForm(
  turn: TurnView,
  formId: string,
  change: (form: FormView) => Partial<FormView>,
): TurnView {
  return {
    ...turn,
    segments: turn.segments.map((segment) => ({
      ...segment,
      forms: segment.forms.map((view) => (view.form.id === formId ? { ...view, ...change(view) } : view)),
    })),
  };
}

/** The turn at its end: what was not submitted can no longer be. */
export function withoutOpenForms(turn: TurnView): TurnView {
  return {
    ...turn,
    segments: turn.segments.map((segment) => ({
      ...segment,
      forms: segment.forms.map((view) => (view.state === 'refused' ? view : { ...view, state: 'closed' })),
    })),
  };
}

function isShown(segment: Segment): boolean {
  return segment.text !== '' || segment.forms.length > 0;
}

function addCitation(segment: Segment, citation: Citation): readonly Citation[] {
  return [...segment.citations.filter((other) => other.index !== citation.index), citation].sort(
    (a, b) => a.index - b.index,
  );
}

/** Changes the last segment; a stream that skips `route-decided` gets one of the device. */
function withSegment(turn: TurnView, change: (segment: Segment) => Segment): TurnView {
  const last: Segment = turn.segments.at(-1) ?? {
    responder: 'understudy',
    reason: 'no-lead',
    text: '',
    citations: [],
    forms: [],
  };
  return { ...turn, segments: [...turn.segments.slice(0, -1), change(last)] };
}

/** Fills in what a responder told in its summary only. */
function completed(turn: TurnView, summary: TurnSummary): TurnView {
  const hasText = turn.segments.some((segment) => segment.text !== '');
  const hasCitations = turn.segments.some((segment) => segment.citations.length > 0);
  if (hasText && hasCitations) return turn;
  return withSegment(turn, (segment) => ({
    ...segment,
    text: hasText ? segment.text : summary.text,
    citations: hasCitations ? segment.citations : summary.citations,
  }));
}
