import { expect } from '@open-wc/testing';
import {
  fromErrorReport,
  isUnderstudyError,
  parseErrorReport,
  toErrorReport,
  UnderstudyError,
} from './errors.ts';

describe('UnderstudyError', () => {
  it('says what happened and what to do', () => {
    const error = new UnderstudyError('turn/empty', 'The message is empty.');
    expect(error.message).to.equal('The message is empty. Type a question first.');
  });

  it('is recognized by its marker and code, not by its class', () => {
    const error = new UnderstudyError('turn/empty', 'The message is empty.');
    expect(isUnderstudyError(error, 'turn/empty')).to.be.true;
    expect(isUnderstudyError(error, 'turn/too-long')).to.be.false;
    expect(isUnderstudyError(new Error('other'))).to.be.false;
  });

  it('crosses the worker boundary with code, message and facts', () => {
    const error = new UnderstudyError('bundle/not-found', 'No manifest.', {
      facts: { url: 'https://a.example/' },
    });
    const rebuilt = fromErrorReport(parseErrorReport(structuredClone(toErrorReport(error))));
    expect(rebuilt.code).to.equal('bundle/not-found');
    expect(rebuilt.message).to.equal(error.message);
    expect(rebuilt.facts).to.deep.equal({ url: 'https://a.example/' });
  });

  it('reports unknown errors as internal', () => {
    expect(toErrorReport('boom').code).to.equal('internal/unexpected');
    expect(parseErrorReport({ code: 'made/up', message: 'x' }).code).to.equal('internal/unexpected');
  });
});
