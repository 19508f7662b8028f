import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import type { ParameterDefinition } from '../../contracts/plan-configs.ts';
import { extractByRules } from './extract-by-rules.ts';

/** Wednesday, 25 November 2026, at noon on the device's clock. */
const NOW = new Date(2026, 10, 25, 12).getTime();

function parameter(
  name: string,
  type: ParameterDefinition['type'] = 'string',
  description = '',
  options: readonly string[] = [],
): ParameterDefinition {
  return { name, type, description, options, isRequired: false };
}

function found(message: string, ...parameters: readonly ParameterDefinition[]): Record<string, unknown> {
  return Object.fromEntries(extractByRules(message, parameters, NOW));
}

describe('extractByRules', () => {
  it('finds addresses, telephone numbers and links', () => {
    const all = [
      parameter('email'),
      parameter('phone_number'),
      parameter('link', 'string', 'URL of the page'),
    ];
    const message =
      'Write to ada.l@mail.example.co.uk or call +44 20 7946 0958; see https://shop.example/a?b=1.';
    expect(found(message, ...all)).to.deep.equal({
      email: 'ada.l@mail.example.co.uk',
      phone_number: '+44 20 7946 0958',
      link: 'https://shop.example/a?b=1',
    });
    const chinese = '我的邮箱是li@example.cn，手机13800138000';
    expect(
      found(chinese, parameter('mail', 'string', '用户的邮箱'), parameter('tel', 'string', '手机号')),
    ).to.deep.equal({
      mail: 'li@example.cn',
      tel: '13800138000',
    });
  });

  it('finds numbers of orders, and takes none for a telephone or an amount', () => {
    const order = parameter('order_id', 'string', 'The order number');
    for (const [message, id] of [
      ['Where is order FB-10234?', 'FB-10234'],
      ['my order number is 88213', '88213'],
      ['Order #4471 is late', '4471'],
      ['订单号：20261125001 还没到', '20261125001'],
      ['Has 123-4567890-123 shipped?', '123-4567890-123'],
      ['Bestellung Nr. 20-77318 fehlt', '20-77318'],
      ['单号SF1234567890什么时候到', 'SF1234567890'],
    ] as const)
      expect(found(message, order), message).to.deep.equal({ order_id: id });
    const both = found('Order FB-10234, I want 2 jugs', order, parameter('quantity', 'number'));
    expect(both).to.deep.equal({ order_id: 'FB-10234', quantity: 2 });
    const called = 'my order no is 15487. i have ordered two pillows';
    expect(found(called, parameter('quantity', 'number'))).to.deep.equal({ quantity: 2 });
    const dated = 'ordered on 21 March, order no. 98765, what is its status';
    expect(found(dated, parameter('amount', 'number'))).to.deep.equal({});
    expect(found('Where is #4471?', parameter('amount', 'number'))).to.deep.equal({});
    const wanted = found('I want to order 12 jugs', order, parameter('quantity', 'number'));
    expect(wanted).to.deep.equal({ quantity: 12 });
  });

  it('finds amounts and counts apart', () => {
    const all = [
      parameter('budget', 'number', 'Budget in euros'),
      parameter('guests', 'integer', 'Number of people'),
    ];
    expect(found('a table for four people, at most €120', ...all)).to.deep.equal({ budget: 120, guests: 4 });
    expect(
      found('三个人，预算2000元', parameter('预算', 'number'), parameter('人数', 'number')),
    ).to.deep.equal({
      预算: 2000,
      人数: 3,
    });
    expect(found('a budget of £5k', parameter('budget', 'number'))).to.deep.equal({ budget: 5000 });
    expect(found('一百二十块钱', parameter('金额', 'number'))).to.deep.equal({ 金额: 120 });
    expect(found('ich habe 1.234,50 € für zwölf Stück bezahlt', parameter('amount', 'number'))).to.deep.equal(
      { amount: 1234.5 },
    );
    expect(found('about 1,250.50', parameter('amount', 'number'))).to.deep.equal({ amount: 1250.5 });
    // Two numbers and nothing that tells them apart: neither is guessed.
    expect(found('12 or 15', parameter('width', 'number'))).to.deep.equal({});
    expect(
      found('width 12, height 15', parameter('width', 'number'), parameter('height', 'number')),
    ).to.deep.equal({
      width: 12,
      height: 15,
    });
  });

  it('finds days and times', () => {
    const all = [
      parameter('date', 'string', 'Day of the visit'),
      parameter('time', 'string', 'Time of the visit'),
    ];
    expect(found('tomorrow at 3:30 pm please', ...all)).to.deep.equal({ date: '2026-11-26', time: '15:30' });
    expect(found('下周一下午三点', ...all)).to.deep.equal({ date: '2026-11-30', time: '15:00' });
    expect(found('am 3. Dezember um 9:15', ...all)).to.deep.equal({ date: '2026-12-03', time: '09:15' });
    expect(found('on 25/12/2026', ...all)).to.deep.equal({ date: '2026-12-25' });
    // The fourth of March or the third of April, and no one day: neither is guessed.
    expect(found('on 3/4/2026', ...all)).to.deep.equal({});
    expect(found('last week', ...all)).to.deep.equal({});
  });

  it('finds options as they are called, by their words, and by how urgent it is', () => {
    const size = parameter('size', 'select', '', ['small', 'large', 'extra large']);
    expect(found('An Extra Large one', size)).to.deep.equal({ size: 'extra large' });
    expect(found('large and extra large', { ...size, type: 'array[string]' })).to.deep.equal({
      size: ['extra large', 'large'],
    });
    expect(
      found('I want to send it back', parameter('what', 'select', '', ['return', 'delivery_question'])),
    ).to.deep.equal({
      what: 'return',
    });
    const level = parameter('priority', 'select', '', ['高', '中', '低']);
    expect(found('请尽快处理', level)).to.deep.equal({ priority: '高' });
    expect(found('smallish', size)).to.deep.equal({});
  });

  it('finds yes and no', () => {
    const wrap = parameter('gift_wrap', 'boolean', 'Whether to wrap it as a gift');
    expect(found('Yes please', wrap)).to.deep.equal({ gift_wrap: true });
    expect(found('with gift wrap', wrap)).to.deep.equal({ gift_wrap: true });
    expect(found("I don't want gift wrap", wrap)).to.deep.equal({ gift_wrap: false });
    expect(found('不需要发票', parameter('发票', 'boolean'))).to.deep.equal({ 发票: false });
    expect(found('Where is my order?', wrap)).to.deep.equal({});
  });

  it('finds names and places by the words that bring them in', () => {
    const all = [parameter('customer_name'), parameter('city', 'string', 'City')];
    expect(found('Hi, my name is Ada Lovelace and I live in New York.', ...all)).to.deep.equal({
      customer_name: 'Ada Lovelace',
      city: 'New York',
    });
    expect(found("I'm looking for a jug", ...all)).to.deep.equal({});
    expect(
      found(
        '我叫李小龙，想去北京玩三天',
        parameter('name', 'string', '姓名'),
        parameter('city', 'string', '城市'),
      ),
    ).to.deep.equal({
      name: '李小龙',
      city: '北京',
    });
  });

  it('finds what is called by name', () => {
    const all = [parameter('device_model', 'string', 'Model'), parameter('color')];
    expect(found('Device model: ProBrew 3, colour unknown. Color = dark blue', ...all)).to.deep.equal({
      device_model: 'ProBrew 3',
      color: 'dark blue',
    });
    expect(
      found('型号是X200，颜色为红色', parameter('model', 'string', '型号'), parameter('c', 'string', '颜色')),
    ).to.deep.equal({
      model: 'X200',
      c: '红色',
    });
    expect(found('colors: red, blue and green', parameter('colors', 'array[string]'))).to.deep.equal({
      colors: ['red', 'blue', 'green'],
    });
  });

  it('takes the message for what it is about', () => {
    expect(found(' The jug leaks. ', parameter('issue', 'string', 'The problem'))).to.deep.equal({
      issue: 'The jug leaks.',
    });
  });

  it('gives values of the types that are declared, whatever is written', () => {
    const all = [
      parameter('email'),
      parameter('count', 'number'),
      parameter('ok', 'boolean'),
      parameter('kind', 'select', '', ['a', 'b c', '']),
      parameter('dates', 'array[string]'),
      parameter('n', 'array[number]'),
      parameter('place'),
      parameter('time'),
      parameter('o', 'object'),
    ];
    const words = fc.constantFrom(
      '12',
      'order',
      '#',
      '@',
      'a.b',
      '.',
      '五',
      '点',
      '月',
      '3',
      'in',
      'Paris',
      ' ',
      '-',
      'no',
      'is',
      ':',
      '明天',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'grapheme' }),
          fc.array(words).map((list) => list.join(' ')),
        ),
        (message) => {
          const values = extractByRules(message, all, NOW);
          for (const [name, value] of values) {
            const type = all.find((one) => one.name === name)?.type ?? 'string';
            if (type.startsWith('array')) expect(Array.isArray(value)).to.equal(true);
            else expect(typeof value).to.equal(type === 'select' ? 'string' : type);
            if (typeof value === 'number') expect(Number.isFinite(value)).to.equal(true);
          }
        },
      ),
    );
  });

  // What is quadratic or worse ends in the runner's limit here.
  it('reads long messages that almost match without going over them again and again', () => {
    for (const piece of ['a@', '1-', '1 ', '(1)', 'my name is ', 'order ', '在北', '零'])
      expect(() =>
        extractByRules(
          piece.repeat(8000),
          [
            parameter('email'),
            parameter('phone'),
            parameter('order_id'),
            parameter('name'),
            parameter('n', 'number'),
          ],
          NOW,
        ),
      ).not.to.throw();
  });
});
