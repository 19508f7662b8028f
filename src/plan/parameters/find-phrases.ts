import type { ParameterKind } from './parameter-kind.ts';

/** Where a value ends that is called by its name. */
const ENGLISH_END = String.raw`(?=\s*(?:[,.;!?\n，。；！？]|\band\b|\bbut\b|$))`;
/** A list goes on over commas. */
const LIST_END = String.raw`(?=\s*(?:[.;!?\n。；！？]|$))`;
const CHINESE_END = String.raw`(?=\s*(?:[,.;!?\n，。；！？、]|$))`;

const PERSON: readonly RegExp[] = [
  new RegExp(
    String.raw`\b(?:my (?:full )?name is|my name's|this is|i am called|call me|name\s*[:=])\s+((?:[\p{Lu}][\p{L}'’-]*)(?:\s+[\p{Lu}][\p{L}'’.-]*){0,3})`,
    'u',
  ),
  new RegExp(
    String.raw`\b(?:i am|i'm|i’m)\s+((?:[\p{Lu}][\p{L}'’-]+)(?:\s+[\p{Lu}][\p{L}'’-]+){0,2})${ENGLISH_END}`,
    'u',
  ),
  /(?:我叫|我的名字(?:是|叫)|名字(?:是|叫)|姓名(?:是|为|[:：])?|我是)\s*([\p{Script=Han}·]{2,6}?)(?=[,，。.!！;；\s]|$|电话|手机|邮箱|想|要|的|需)/u,
  /(?:我姓|免贵姓)\s*([\p{Script=Han}]{1,2})/u,
];
const PLACE: readonly RegExp[] = [
  /\b(?:[Ii]n|[Tt]o|[Ff]rom|[Nn]ear|[Aa]t|[Aa]round|[Vv]isit(?:ing)?)\s+((?:(?:New|San|Los|Saint|St|The)\s)?\p{Lu}[\p{L}'’-]+(?:\s+\p{Lu}[\p{L}'’-]+){0,2})/u,
  /(?:在|去|到|从|飞|前往|寄到|送到|住)\s*([\p{Script=Han}]{2,6}?)(?:市|省|县)?(?=[,，。！？!?\s]|$|的|玩|旅|住|吃|买|出|有|天|怎|今|明|预|找|工|上|开|参|\d)/u,
  /([\p{Script=Han}]{2,4})(?:市|省)/u,
];
const NOT_NAMES =
  /^(?:The|This|Not|Very|So|Sure|Sorry|Looking|Trying|Here|Just|Having|Unable|Interested|Writing|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March|April|May|June|July|August|September|October|November|December)\b/;

/** A name or place that a message brings in by its usual words; null when it does not. */
export function findPhrase(message: string, kind: ParameterKind): string | null {
  const expressions = kind === 'person' ? PERSON : kind === 'place' ? PLACE : [];
  for (const expression of expressions) {
    const found = expression.exec(message)?.[1]?.trim() ?? '';
    if (found !== '' && !NOT_NAMES.test(found)) return found;
  }
  return null;
}

/** What a message says behind one of the names of a parameter: "city: Kyoto", "my city is Kyoto", "城市是京都". */
export function findCalled(message: string, calls: readonly string[], isList = false): string | null {
  for (const call of calls) {
    const name = call
      .replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
      .replaceAll(/\s+/g, String.raw`[\s_-]+`);
    const isHan = /\p{Script=Han}/u.test(call);
    const join = isHan
      ? String.raw`\s*(?:[:：=]|是|为|叫)\s*`
      : String.raw`\s*(?:[:：=]|\bis\b|\bwill be\b|\bshould be\b|\bwould be\b)\s*`;
    const edge = isHan ? '' : String.raw`(?<![\p{L}\p{N}])`;
    const expression = new RegExp(
      `${edge}${name}${join}(.{1,200}?)${isList ? LIST_END : isHan ? CHINESE_END : ENGLISH_END}`,
      'iu',
    );
    const found = expression.exec(message)?.[1]?.trim() ?? '';
    if (found !== '') return found.replace(/^["'“‘「]|["'”’」]$/g, '');
  }
  return null;
}

const YES =
  /^\W*(?:yes|yeah|yep|sure|ok(?:ay)?|please do|of course|correct|right|true|是的?|对的?|好的?|可以|要|需要|没错|行|嗯)(?![\p{L}])|^(?:是|对|好|要|可以|需要)/iu;
const NO = /^\W*(?:no|nope|not|never|don'?t|do not|false|negative)\b|^(?:不|没|否|别)/iu;
const DENIED =
  /\b(?:no|not|without|don'?t|doesn'?t|do not|isn'?t|never|skip|unnecessary)\b[^,.;!?]{0,25}$|(?:不|没有?|无需|别|勿)[^，。；！？]{0,6}$/iu;

/** Whether a message says yes or no to what a parameter is about; null when it says nothing of it. */
export function findFlag(
  message: string,
  calls: readonly string[],
  words: readonly string[],
): boolean | null {
  const called = findCalled(message, calls);
  for (const said of called === null ? [] : [called]) {
    if (NO.test(said)) return false;
    if (YES.test(said)) return true;
  }
  const lower = message.toLowerCase();
  for (const word of [...calls, ...words]) {
    const at = word.length < 2 ? -1 : lower.indexOf(word.toLowerCase());
    if (at >= 0) return !DENIED.test(message.slice(0, at));
  }
  if (NO.test(message.trim())) return false;
  return YES.test(message.trim()) ? true : null;
}
