import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFaultControl } from './fault-control.mjs';
import { createStandInLead } from './server.mjs';

test('leads that share their controls all forget, whichever was made last', () => {
  const faultControl = createFaultControl();
  const told: string[] = [];
  faultControl.onForget = (what: string) => {
    told.push(what);
  };
  createStandInLead({ faultControl });
  createStandInLead({ faultControl });
  faultControl.set('forget-conversations');
  assert.deepEqual(told, ['conversations']);
});
