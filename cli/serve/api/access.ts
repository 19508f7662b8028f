import { createHash, createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { isRecord } from '../../../src/contracts/json.ts';
import { ApiError, notFound } from './api-error.ts';

/** Options of {@link createAccess}. */
export interface AccessOptions {
  /** Keys of the service interface; none: every server on this machine may ask. */
  readonly keys: readonly string[];
  /** Public code of the web interface. */
  readonly siteCode: string;
  /** Signs passports. Default: random, so that they end with the process. */
  readonly secret?: Uint8Array;
}

/** Says who may ask. */
export interface Access {
  /** @throws ApiError 401 unless the header names one of the keys. */
  checkKey(authorization: string | undefined): void;
  /** Gives out a passport. @throws ApiError 401 without a code, 404 for another site's. */
  issue(siteCode: string | undefined, userId: string | null): string;
  /** @returns The user of a passport. @throws ApiError 401. */
  readPassport(header: string | undefined, authorization: string | undefined): string;
}

/** Makes {@link Access}: keys are compared without telling by time how far they were right; passports are signed tokens (HS256). */
export function createAccess(options: AccessOptions): Access {
  const { siteCode, secret = randomBytes(32) } = options;
  const keys = options.keys.map(digest);
  const sign = (text: string): Buffer => createHmac('sha256', secret).update(text).digest();
  return {
    checkKey(authorization) {
      if (keys.length === 0) return;
      const given = digest(/^Bearer\s+(\S+)\s*$/i.exec(authorization ?? '')?.[1] ?? '');
      // All are compared, whichever it is.
      if (!keys.map((key) => timingSafeEqual(key, given)).includes(true))
        throw new ApiError(401, 'unauthorized', 'Access token is invalid');
    },
    issue(code, userId) {
      if (code === undefined || code === '') throw new ApiError(401, 'unauthorized', 'X-App-Code header is missing.');
      if (!timingSafeEqual(digest(code), digest(siteCode))) throw notFound('Site');
      const payload = { iss: 'understudy', sub: 'Web API Passport', app_code: siteCode, end_user_id: userId ?? randomUUID() };
      const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(payload)}`;
      return `${text}.${sign(text).toString('base64url')}`;
    },
    readPassport(header, authorization) {
      const token = header ?? /^Bearer\s+(\S+)\s*$/i.exec(authorization ?? '')?.[1] ?? '';
      const [head = '', body = '', signature = ''] = token.split('.');
      const given = Buffer.from(signature, 'base64url');
      const right = sign(`${head}.${body}`);
      if (given.length === right.length && timingSafeEqual(given, right)) {
        const user = readUser(body);
        if (user !== null) return user;
      }
      throw new ApiError(401, 'unauthorized', 'Invalid token.');
    },
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function readUser(body: string): string | null {
  const value: unknown = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
  return isRecord(value) && typeof value['end_user_id'] === 'string' ? `web ${value['end_user_id']}` : null;
}
