/**
 * What a number counts: a dimension, what one of it makes in the dimension's base, then how it is written.
 *
 * Only exact conversions share a dimension: a month has no number of days, a working day is no day, money is not exchanged,
 * kB may be 1000 or 1024 bytes.
 */
const TABLE = `s 1 s sec secs second seconds sekunde sekunden seconde secondes segundo segundos 秒 秒钟
s 60 min mins minute minutes minuten minuto minutos 分钟
s 3600 h hr hrs hour hours stunde stunden heure heures hora horas 小时 个小时 钟头 个钟头
s 86400 day days tag tage tagen jour jours día días 天 日
s 604800 week weeks woche wochen semaine semaines semana semanas 周 星期 个星期 礼拜 个礼拜
month 1 month months monat monate monaten mois mes meses 个月 月
month 12 year years jahr jahre jahren an ans año años 年 周岁 岁
workday 1 working_day working_days business_day business_days werktag werktage werktagen arbeitstage arbeitstagen 个工作日 工作日
% 1 % percent per_cent prozent
£ 1 £ gbp pound pounds 英镑
€ 1 € eur euro euros 欧元
$ 1 $ usd dollar dollars 美元
¥ 1 ¥ rmb cny yuan 元 块 块钱
¢ 1 cent cents
角 1 角 毛
°c 1 °c ℃ 度 摄氏度
°f 1 °f
mm 1 mm 毫米
mm 10 cm 厘米
mm 1000 m metre metres meter meters 米
mm 1000000 km kilometre kilometres kilometer kilometers 公里 千米
inch 1 inch inches 英寸
ml 1 ml 毫升
ml 1000 l litre litres liter liters 升
g 1 g gram grams 克
g 1000 kg kilo kilos 公斤 千克
lb 1 lb lbs
kb 1 kb
mb 1 mb
gb 1 gb
tb 1 tb
v 1 v volt volts
w 1 w watt watts
bar 1 bar
hz 1 hz
hz 1000000 mhz
hz 1000000000 ghz
× 1 times time mal fois veces 次 倍 遍`;

/** A unit: its dimension, and how many of the dimension's base one makes. */
export interface MeasureUnit {
  readonly dimension: string;
  readonly factor: number;
}

const UNITS: ReadonlyMap<string, MeasureUnit> = new Map(
  TABLE.split('\n').flatMap((line) => {
    const [dimension = '', factor, ...names] = line.split(' ');
    const unit = { dimension, factor: Number(factor) };
    return names.map((name) => [name.replace('_', ' '), unit] as const);
  }),
);

/** A pattern of all names of units, the longest first; names in letters end where the word does. */
export const UNIT_NAMES: string = [...UNITS.keys()]
  .sort((left, right) => right.length - left.length)
  .map((name) => name.replace('$', '\\$').replace(' ', '\\s'))
  .map((name) => (/\p{Script=Latin}$/u.test(name) ? `${name}(?![\\p{L}\\p{N}])` : name))
  .join('|');

/** Finds a unit by how it is written; undefined when it is none. */
export function unitOf(name: string | undefined): MeasureUnit | undefined {
  return name === undefined ? undefined : UNITS.get(name.replace(/\s/, ' '));
}
