/** What the launcher loads when it is opened: the panel, the conversation and the connection. */
export { connect } from '../../src/client/connect.ts';
export { converse } from '../conversation/converse.ts';
export { definePanel } from './define-panel.ts';
