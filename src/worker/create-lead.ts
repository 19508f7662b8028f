import type { Branding } from '../contracts/bundle.ts';
import type { UnderstudyError } from '../contracts/errors.ts';
import type { PlanFile } from '../contracts/plan-configs.ts';
import type { ConnectConfig } from '../contracts/protocol.ts';
import type { Lead, LeadDescription } from '../contracts/responder.ts';
import type { Store } from '../contracts/store.ts';
import { createOpenAiLead } from '../engines/openai/create-openai-lead.ts';
import type { FileShelf } from '../session/file-shelf.ts';
import type { Platform } from './platform.ts';
import { createLazyLead } from './lazy-lead.ts';
import { storedPassports } from './stored-passports.ts';

/** What {@link createLead} works with. */
interface LeadSurroundings {
  readonly config: ConnectConfig;
  readonly platform: Pick<Platform, 'fetch' | 'clock'>;
  readonly store: Store;
  readonly files: FileShelf;
  readonly onFault: (error: UnderstudyError) => void;
}

/** Makes the lead that the page names; null where it names none. */
export function createLead({ config, platform, store, files, onFault }: LeadSurroundings): Lead | null {
  const { lead, language } = config;
  const { fetch, clock } = platform;
  if (lead === null) return null;
  if (lead.kind === 'openai')
    return createOpenAiLead({ baseUrl: lead.baseUrl, model: lead.model, fetch, clock });
  const { baseUrl } = lead;
  const appCode = lead.kind === 'dify' ? lead.appCode : null;
  const passportStore = storedPassports(store, appCode ?? baseUrl);
  const readFile = (file: PlanFile): Promise<Uint8Array> => files.read(file);
  return createLazyLead('dify', async () => {
    const { createDifyLead } = await import('../engines/dify/create-dify-lead.ts');
    return createDifyLead({ baseUrl, appCode, fetch, clock, language, passportStore, readFile, onFault });
  });
}

/** What a lead says of its app, in the form in which bundles say it. */
export function brandingOf({ title, greeting, accent, suggestions }: LeadDescription): Branding {
  return {
    title: title === '' ? {} : { '*': title },
    greeting: greeting === '' ? {} : { '*': greeting },
    accent,
    // English stands in for languages that are not named.
    suggestions: suggestions.length === 0 ? {} : { en: suggestions },
    contactUrl: null,
  };
}
