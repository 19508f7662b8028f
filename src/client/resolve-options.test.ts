import { expect } from '@open-wc/testing';
import { isUnderstudyError } from '../contracts/errors.ts';
import type { LeadConfig } from '../contracts/protocol.ts';
import { resolveOptions } from './resolve-options.ts';

const page = {
  baseUrl: 'https://shop.example/help/',
  scriptUrl: 'https://shop.example/u/u.js',
  language: 'en',
  savesData: false,
};
const leadOf = (lead: string | LeadConfig): LeadConfig | null =>
  resolveOptions({ bundle: null, lead }, page).lead;

describe('resolveOptions', () => {
  it('reads every form of a lead, with addresses relative to the page', () => {
    expect(leadOf('dify:/api#code')).to.deep.equal({
      kind: 'dify',
      baseUrl: 'https://shop.example/api/',
      appCode: 'code',
    });
    expect(leadOf(' dify-service:../agent ')).to.deep.equal({
      kind: 'dify-service',
      baseUrl: 'https://shop.example/agent/',
    });
    expect(leadOf('openai:https://gate.example/v1#small')).to.deep.equal({
      kind: 'openai',
      baseUrl: 'https://gate.example/v1/',
      model: 'small',
    });
    expect(leadOf({ kind: 'dify-service', baseUrl: '/agent' })).to.deep.equal({
      kind: 'dify-service',
      baseUrl: 'https://shop.example/agent/',
    });
  });

  it('refuses a lead without its code, one with too much, and addresses that are none', () => {
    for (const lead of [
      'dify:/api',
      'dify:/api#',
      'dify-service:',
      'dify-service:/agent#app-secret',
      'dify-service:javascript:1',
    ]) {
      let error: unknown = null;
      try {
        leadOf(lead);
      } catch (caught) {
        error = caught;
      }
      expect(isUnderstudyError(error, 'client/bad-option'), lead).to.equal(true);
    }
  });
});
