import { expect } from '@open-wc/testing';
import type { TurnForm } from '../../contracts/form.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import type { FormAnswer, PlanServices } from '../step-handler.ts';
import { formDefinition } from './form-step.ts';
import { StepScene, sceneFile } from './step-scene.ts';

const field = (name: string, type: string, changes: JsonObject = {}): Json => ({
  name,
  label: name,
  type,
  isRequired: false,
  maxLength: null,
  options: [],
  default: null,
  ...changes,
});

const CONFIG: JsonObject = {
  content: ['Hello ', { from: ['a', 'name'] }, ', why? {{#$output.reason#}} {{#$output.gone#}}'],
  fields: [field('reason', 'paragraph'), field('count', 'number', { default: 1 })],
  actions: [
    { id: 'send', label: 'Send', style: 'primary' },
    { id: 'drop', label: 'Drop', style: 'ghost' },
  ],
  timeoutMs: 60_000,
};

function scene(
  answer: FormAnswer | null,
  changes: JsonObject = {},
  services: Partial<PlanServices> = {},
): { readonly scene: StepScene; readonly forms: TurnForm[] } {
  const forms: TurnForm[] = [];
  return {
    forms,
    scene: new StepScene('form', formDefinition, {
      config: { ...CONFIG, ...changes },
      values: { 'a.name': 'Ann' },
      services: {
        awaitForm: (form) => {
          forms.push(form);
          return answer === null ? new Promise(() => undefined) : Promise.resolve(answer);
        },
        ...services,
      },
    }),
  };
}

describe('the step `form`', () => {
  it('shows the form, waits, and goes where the button says', async () => {
    const { scene: one, forms } = scene({ action: 'send', values: { reason: '**broken**', other: 'x' } });
    const result = await one.run();
    expect(result.when).to.equal('send');
    expect(result.outputs).to.deep.equal({
      reason: '**broken**',
      count: 1,
      __action_id: 'send',
      __action_value: 'Send',
      __rendered_content: 'Hello Ann, why? **broken** {{#$output.gone#}}',
    });
    const [form] = forms;
    expect(form?.content).to.equal('Hello Ann, why? {{#$output.reason#}} {{#$output.gone#}}');
    expect(form?.expiresAtMs).to.equal(1_780_000_060_000);
    expect(form?.title).to.equal('A step');
    expect(one.parts).to.deep.equal([
      { type: 'form', form },
      { type: 'form-closed', formId: form?.id, label: 'Send' },
    ]);
  });

  it('gives each form of a turn an id of its own', async () => {
    const handler = scene(null).scene.prepare();
    const ids = new Set<string>();
    for (let round = 0; round < 3; round += 1) {
      const { scene: one, forms } = scene({ action: 'send', values: {} });
      await one.run(handler);
      ids.add(forms[0]?.id ?? '');
    }
    expect(ids.size).to.equal(3);
  });

  it('goes the way of `__timeout` when it is told so, and when its own time runs out', async () => {
    const told = await scene({ action: '__timeout', values: {} }).scene.run();
    const late: Partial<PlanServices> = {
      clock: { now: () => 0, monotonicMs: () => 0, sleep: () => Promise.resolve() },
    };
    const ownTime = scene(null, {}, late);
    const own = await ownTime.scene.run();
    for (const result of [told, own]) {
      expect(result.when).to.equal('__timeout');
      expect(result.outputs).to.have.property('__action_id', '');
    }
    expect(ownTime.scene.parts.at(-1)).to.include({ type: 'form-closed', label: '' });
  });

  it('waits for ever where no time is set', async () => {
    const { scene: one, forms } = scene({ action: 'drop', values: {} }, { timeoutMs: null });
    expect((await one.run()).when).to.equal('drop');
    expect(forms[0]?.expiresAtMs).to.equal(null);
  });

  it('reads each value as its field has it', async () => {
    const file = sceneFile('a.txt');
    const fields = [
      field('text', 'text', { maxLength: 3 }),
      field('choice', 'select', { options: ['a', 'b'], default: 'b' }),
      field('number', 'number'),
      field('flag', 'checkbox'),
      field('file', 'file'),
      field('files', 'file-list', { maxLength: 1 }),
      field('data', 'json'),
    ];
    const read = async (values: JsonObject): Promise<unknown> => {
      const { __action_id, __action_value, __rendered_content, ...rest } = (
        await scene({ action: 'send', values }, { fields }).scene.run()
      ).outputs;
      expect([__action_id, __action_value, typeof __rendered_content]).to.deep.equal([
        'send',
        'Send',
        'string',
      ]);
      return rest;
    };
    expect(
      await read({
        text: 'long',
        choice: 'a',
        number: '1.5',
        flag: true,
        file,
        files: [file, file],
        data: '{"a":1}',
      }),
    ).to.deep.equal({
      text: 'lon',
      choice: 'a',
      number: 1.5,
      flag: true,
      file,
      files: [file],
      data: { a: 1 },
    });
    expect(
      await read({ text: 5, choice: 'c', number: 'x', flag: 'no', file: 'a', files: 'b', data: '{' }),
    ).to.deep.equal({ text: '5', choice: 'b', number: null, flag: false, file: null, files: [], data: null });
  });

  it('refuses a button that the form does not have', async () => {
    expect(await scene({ action: 'hack', values: {} }).scene.failure()).to.equal('plan/value-invalid');
  });

  it('needs the lead where no form can be shown', async () => {
    expect(await scene(null, {}, { awaitForm: null }).scene.failure()).to.equal('plan/needs-lead');
  });

  it('refuses settings that are none', async () => {
    for (const changes of [
      { content: 'x' },
      { fields: [{}] },
      { actions: [{ id: 'a' }] },
      { timeoutMs: '1' },
    ]) {
      expect(await scene(null, changes).scene.failure()).to.equal('plan/invalid');
    }
  });
});
