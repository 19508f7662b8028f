/** Pages of an invented tea shop, in Chinese and Japanese, and questions in other words than theirs. */

const CHINESE: { readonly [name: string]: readonly [title: string, text: string] } = {
  returns: [
    '退货说明',
    '收到茶壶后三十天内可以退货，茶壶必须没有用过，并且带有原来的包装盒。退货的运费由买家承担。',
  ],
  refund: ['退款时间', '仓库收到退回的商品以后，款项会在五个工作日内退到原来的付款账户。'],
  delivery: ['配送时间', '订单付款以后两天内发货，大部分城市三天可以送到，偏远地区需要七天。'],
  shipping: ['运费', '订单满二百元免运费，不满二百元的订单收取十二元运费。'],
  warranty: ['保修', '电热水壶保修两年，从收货那天算起。水垢和摔坏不在保修范围以内。'],
  descale: ['除水垢', '每个月用白醋加水煮一次，浸泡半小时以后倒掉，再用清水冲洗两遍，就能除掉壶里的水垢。'],
  invoice: ['发票', '付款以后可以在订单页面申请电子发票，发票会发送到您的邮箱。'],
  address: ['修改收货地址', '发货以前可以在订单页面修改收货地址，发货以后请联系快递公司。'],
  coupon: ['优惠券', '结账时输入优惠码就能使用优惠券，每个订单只能使用一张，过期的优惠券不能使用。'],
  storage: ['茶叶保存', '绿茶要密封放在冰箱里，红茶和普洱放在阴凉干燥的地方就可以。'],
  account: ['忘记密码', '在登录页面点击忘记密码，输入手机号码，收到验证码以后就可以设置新的密码。'],
  gift: ['礼品包装', '结账时可以选择礼品包装，每件加收八元，还可以附上手写的贺卡。'],
};
const JAPANESE: typeof CHINESE = {
  returns: [
    '返品について',
    '商品の到着から三十日以内であれば返品できます。未使用で元の箱が必要です。送料はお客様のご負担です。',
  ],
  delivery: [
    'お届けまでの日数',
    'ご注文から二日以内に発送します。ほとんどの地域には三日で届きます。離島は七日かかります。',
  ],
  warranty: ['保証期間', '電気ケトルの保証期間は二年です。水垢や落下による故障は保証の対象外です。'],
  storage: [
    '茶葉の保存方法',
    '緑茶は密封して冷蔵庫で保存してください。紅茶は涼しく乾いた場所で保存できます。',
  ],
  password: [
    'パスワードを忘れた場合',
    'ログイン画面で再設定を選び、電話番号を入力すると確認コードが届きます。',
  ],
  gift: [
    'ギフト包装',
    'お会計のときにギフト包装を選べます。一点につき二百円で、手書きのカードも付けられます。',
  ],
};

const asPages = (folder: string, pages: typeof CHINESE): [string, string][] =>
  Object.entries(pages).map(([name, [title, text]]) => [`${folder}/${name}.md`, `# ${title}\n\n${text}\n`]);

/** The pages, one file each. */
export const TEA_PAGES: { readonly [path: string]: string } = Object.fromEntries([
  ...asPages('zh', CHINESE),
  ...asPages('ja', JAPANESE),
]);

/** Questions, with the page that answers each; null: none does. */
export const TEA_QUESTIONS: readonly (readonly [question: string, page: string | null])[] = [
  ['买了茶壶不喜欢可以退货吗', 'zh/returns'],
  ['多少天之内能退货', 'zh/returns'],
  ['退款多久到账户', 'zh/refund'],
  ['下单付款以后多久发货', 'zh/delivery'],
  ['买多少钱免运费', 'zh/shipping'],
  ['热水壶保修几年', 'zh/warranty'],
  ['壶里有水垢怎么除掉', 'zh/descale'],
  ['怎么申请电子发票', 'zh/invoice'],
  ['收货地址写错了怎么修改', 'zh/address'],
  ['一个订单可以使用两张优惠券吗', 'zh/coupon'],
  ['绿茶怎么保存', 'zh/storage'],
  ['忘记登录密码怎么办', 'zh/account'],
  ['可以选礼品包装吗', 'zh/gift'],
  ['返品は何日以内にできますか', 'ja/returns'],
  ['注文から何日で届きますか', 'ja/delivery'],
  ['ケトルの保証期間は何年ですか', 'ja/warranty'],
  ['緑茶の保存方法を教えてください', 'ja/storage'],
  ['パスワードを忘れました', 'ja/password'],
  ['ギフト包装はできますか', 'ja/gift'],
  ['今天上海天气怎么样', null],
  ['你们招聘程序员吗', null],
  ['谁发明了电话', null],
];
