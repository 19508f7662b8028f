/** The headless SDK: `connect()` and the types of everything that crosses it. */
export { connect } from './connect.ts';
export type { AskOptions, Connection, ConnectionEvents, ConnectOptions } from './connection.ts';
export type { Branding } from '../contracts/bundle.ts';
export type { Json, JsonObject } from '../contracts/json.ts';
export type { LocalizedText } from '../contracts/language.ts';
export type { ErrorCode, ErrorReport } from '../contracts/errors.ts';
export { isUnderstudyError, UnderstudyError } from '../contracts/errors.ts';
export type { Citation, Passage, PassageMetadata } from '../contracts/passage.ts';
export type { FormField, PlanFile } from '../contracts/plan-configs.ts';
export type { Rating } from '../contracts/responder.ts';
export type {
  Calls,
  GeneratorState,
  LeadConfig,
  Reach,
  Status,
  TranscriptEntry,
} from '../contracts/protocol.ts';
export type {
  HandoffReason,
  NoticeCode,
  ResponderKind,
  RouteReason,
  TurnMetrics,
  TurnPart,
  TurnSummary,
} from '../contracts/turn.ts';
