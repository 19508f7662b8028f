import { packageFolder } from '../../package-folder.ts';

/** By which a host knows who asks; robots.txt names it `understudy`. */
export function userAgent(): string {
  return `understudy/${packageFolder().version} (reads help pages)`;
}
