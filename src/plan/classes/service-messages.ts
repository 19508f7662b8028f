/** Classes as owners of services write them, and messages with the class that a person would choose; for tests. */
export interface ClassifiedMessages {
  readonly classes: readonly { readonly id: string; readonly name: string }[];
  readonly instruction?: string;
  readonly messages: readonly (readonly [classId: string, message: string])[];
}

/** Several services, English and Chinese. None of the messages was used to write the topics. */
export const SERVICE_MESSAGES: readonly ClassifiedMessages[] = [
  {
    classes: [
      { id: 'a', name: 'Questions about returns, refunds and warranty' },
      { id: 'b', name: 'Where an order is, and delivery' },
      { id: 'c', name: 'How to use or clean a product' },
      { id: 'x', name: 'Anything else' },
    ],
    messages: [
      ['a', 'My kettle came smashed, can I have my money back?'],
      ['a', 'I would like to send this jug back'],
      ['a', 'is a leak covered by the guarantee'],
      ['a', 'The lid cracked after a week'],
      ['a', 'they sent me the wrong size'],
      ['b', 'my parcel has not arrived yet'],
      ['b', 'can you tell me when it will be delivered?'],
      ['b', 'Tracking number shows nothing since Monday'],
      ['b', 'do you ship to Norway'],
      ['c', 'how do I descale the machine'],
      ['c', 'can the filter go in the dishwasher?'],
      ['c', 'which button turns on the timer'],
      ['c', 'setting it up for the first time'],
      ['x', 'what is the capital of France'],
      ['x', 'tell me a joke'],
      ['x', 'are you hiring at the moment'],
    ],
  },
  {
    classes: [
      { id: 'a', name: '售后问题' },
      { id: 'b', name: '产品使用方法' },
      { id: 'c', name: '订单与物流' },
      { id: 'x', name: '其他问题' },
    ],
    messages: [
      ['a', '壶裂了，能换一个吗'],
      ['a', '我要退货'],
      ['a', '钱什么时候退给我'],
      ['a', '保修期是多久'],
      ['b', '滤芯怎么更换'],
      ['b', '第一次用要怎么设置'],
      ['b', '这个怎么连接手机'],
      ['c', '我的包裹到哪里了'],
      ['c', '快递三天没有更新了'],
      ['c', '什么时候发货'],
      ['x', '今天天气怎么样'],
      ['x', '你们招人吗'],
    ],
  },
  {
    classes: [
      { id: 'a', name: 'Account and login' },
      { id: 'b', name: 'Billing and invoices' },
      { id: 'c', name: 'Technical problem' },
      { id: 'd', name: 'Cancel subscription' },
    ],
    messages: [
      ['a', 'I forgot my password'],
      ['a', 'cannot sign in since yesterday'],
      ['a', 'how can I change the e-mail of my profile'],
      ['b', 'why was I charged twice'],
      ['b', 'I need a receipt for last month'],
      ['b', 'my credit card expired'],
      ['c', 'the app crashes when I open it'],
      ['c', 'I get error 502 all the time'],
      ['c', 'pages take ages to load'],
      ['d', 'please stop my plan'],
      ['d', 'I do not want to renew'],
      ['d', 'how to unsubscribe'],
    ],
  },
  {
    classes: [
      { id: 'a', name: 'Hardware: laptops, printers, screens' },
      { id: 'b', name: 'Software and licenses' },
      { id: 'c', name: 'Network, VPN and Wi-Fi' },
      { id: 'd', name: 'HR questions' },
    ],
    messages: [
      ['a', 'my laptop does not turn on'],
      ['a', 'the printer on floor 2 jams'],
      ['a', 'second monitor stays black'],
      ['b', 'I need a license for the drawing program'],
      ['b', 'please install the new version of the editor'],
      ['c', 'vpn keeps dropping'],
      ['c', 'no wifi in the meeting room'],
      ['c', 'the internet is so slow at home'],
      ['d', 'how many days of annual leave do I have left'],
      ['d', 'my payslip is wrong'],
    ],
  },
  {
    classes: [
      { id: 'a', name: '健康咨询' },
      { id: 'b', name: '使用帮助' },
    ],
    instruction: '分类依据\n- 与手表、App 相关的都属于 使用帮助\n- 疾病、饮食、睡眠都属于 健康咨询',
    messages: [
      ['a', '最近总是失眠怎么办'],
      ['a', '高血压能不能喝咖啡'],
      ['a', '感冒了饮食上要注意什么'],
      ['b', '手表连不上手机'],
      ['b', 'App 怎么升级'],
      ['b', '怎么更换表带'],
    ],
  },
  {
    classes: [
      { id: 'a', name: 'Sales: prices, plans, demos' },
      { id: 'b', name: 'Support for existing customers' },
      { id: 'c', name: 'Complaints' },
      { id: 'd', name: 'Talk to a human' },
    ],
    messages: [
      ['a', 'how much is the team plan'],
      ['a', 'can we get a trial'],
      ['a', 'do you give a discount for schools'],
      ['c', 'your service is terrible and nobody answers'],
      ['c', 'I want to file a complaint'],
      ['d', 'let me speak to a real person'],
      ['d', 'operator please'],
      ['b', 'I am a customer and need support with my workspace'],
    ],
  },
];
