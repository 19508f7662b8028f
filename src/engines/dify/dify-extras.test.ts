import { expect } from '@open-wc/testing';
import { expectCode, readAnswer, testTurn } from '../../../test/contract/responder.ts';
import type { PlanFile } from '../../contracts/plan-configs.ts';
import { failure, FakeDify, json, leadOf } from './fake-dify.ts';
import { createMemoryPassportStore, NO_STANDING } from './passport-store.ts';

const file: PlanFile = {
  kind: 'file',
  id: 'file-1',
  name: 'a/b.png',
  type: 'image',
  sizeBytes: 3,
  extension: '.png',
  mimeType: 'image/png',
  url: '',
};

describe('What a Dify lead does besides answering', () => {
  let server: FakeDify;
  beforeEach(() => {
    server = new FakeDify();
  });

  it('rates the answers it gave, also after a reload, and no others', async () => {
    const kept = createMemoryPassportStore();
    const turn = testTurn();
    await readAnswer(leadOf(server, { passportStore: kept }), turn);
    const lead = leadOf(server, { passportStore: kept });
    expect(await lead.feedback(turn.id, 'like')).to.equal(true);
    expect(await lead.feedback(turn.id, null)).to.equal(true);
    expect(await lead.feedback('other', 'like')).to.equal(false);
    expect(server.sent('/messages/message-1/feedbacks').map(({ body }) => body['rating'])).to.deep.equal([
      'like',
      null,
    ]);
    server.answers['/messages/message-1/feedbacks'] = () => failure(500, '');
    await expectCode(lead.feedback(turn.id, 'like'), 'lead/refused');
  });

  it('gives back what the server remembers, oldest first', async () => {
    const store = createMemoryPassportStore();
    await store.set({ ...NO_STANDING, passport: 'p', style: 'header', conversationId: 'c' });
    server.passports.push('p');
    const messages = [
      { id: '2', query: 'Two?', answer: 'No.', created_at: 20 },
      { id: 'x', query: 'Failed?', answer: 'No.', status: 'error', created_at: 15 },
      {
        id: '1',
        query: 'One?',
        answer: 'Yes.',
        created_at: 10,
        retriever_resources: [{ document_name: 'D' }],
      },
      { id: '0', query: 'Zero?', answer: '', created_at: 9 },
      null,
    ];
    server.answers['/messages'] = () => json({ data: messages, has_more: false });
    const past = await leadOf(server, { passportStore: store }).history();
    expect(past.map(({ id, question, askedAtMs }) => [id, question, askedAtMs])).to.deep.equal([
      ['1', 'One?', 10_000],
      ['2', 'Two?', 20_000],
    ]);
    expect(past[0]?.citations[0]?.title).to.equal('D');
  });

  it('finds the latest conversation of a visitor whom the owner knows, and goes on in it', async () => {
    server.flavor = 'service';
    server.answers['/conversations'] = () => json({ data: [{ id: 'c-9' }] });
    server.answers['/messages'] = ({ query }) =>
      json({
        data: [{ id: '1', query: String(query.get('conversation_id')), answer: 'Yes.', created_at: 10 }],
      });
    const lead = leadOf(server);
    expect((await lead.history())[0]?.question).to.equal('c-9');
    await readAnswer(lead, testTurn());
    expect(server.sent('/chat-messages')[0]?.body['conversation_id']).to.equal('c-9');
  });

  it('asks nothing for a visitor who was never here', async () => {
    expect(await leadOf(server).history()).to.deep.equal([]);
    expect(server.requests).to.deep.equal([]);
  });

  it('describes the app, with or without its site', async () => {
    server.parameters = {
      opening_statement: 'Hello!',
      suggested_questions: ['What?', 7],
      user_input_form: [
        { 'text-input': { variable: 'order', label: 'Order', required: true, max_length: 8, default: '' } },
        { select: { variable: 'kind', label: '', options: ['a', 'b', 3], default: 'a' } },
        { checkbox: { variable: 'secret', hide: true } },
        { variable: 'flat', label: 'Flat', type: 'file-list', max_length: 3 },
        { hologram: { variable: 'h' } },
        { number: {} },
        7,
      ],
    };
    server.answers['/site'] = () => json({ site: { title: 'Help', chat_color_theme: '#0b6e6e' } });
    const told = await leadOf(server).describe();
    expect(told).to.deep.include({
      title: 'Help',
      accent: '#0b6e6e',
      greeting: 'Hello!',
      suggestions: ['What?'],
    });
    const none = { isRequired: false, maxLength: null, options: [], default: null };
    expect(told.form).to.deep.equal([
      { ...none, name: 'order', label: 'Order', type: 'text', isRequired: true, maxLength: 8 },
      { ...none, name: 'kind', label: 'kind', type: 'select', options: ['a', 'b'], default: 'a' },
      { ...none, name: 'flat', label: 'Flat', type: 'file-list', maxLength: 3 },
    ]);
    server.answers['/site'] = () => failure(404, 'not_found');
    expect(await leadOf(server).describe()).to.deep.include({ title: '', accent: null, greeting: 'Hello!' });
  });

  it('uploads files of message and form once, and refers to them', async () => {
    const uploaded: unknown[] = [];
    server.answers['/files/upload'] = ({ form }) => {
      uploaded.push(form?.get('file'));
      return json({ id: `upload-${String(uploaded.length)}` }, 201);
    };
    const remote: PlanFile = { ...file, id: 'file-2', type: 'document', url: 'https://files.example/a.pdf' };
    const lead = leadOf(server, { readFile: () => Promise.resolve(new Uint8Array([1, 2, 3])) });
    const turn = { ...testTurn(), inputs: { proof: [{ ...file }, { ...remote }] }, files: [file] };
    await readAnswer(lead, turn);
    await readAnswer(lead, turn);
    const [first] = uploaded;
    if (!(first instanceof File)) throw new Error('No file was uploaded.');
    expect([uploaded.length, first.name, first.type, first.size]).to.deep.equal([
      1,
      'a_b.png',
      'image/png',
      3,
    ]);
    const reference = { type: 'image', transfer_method: 'local_file', upload_file_id: 'upload-1' };
    for (const { body } of server.sent('/chat-messages')) {
      expect(body['files']).to.deep.equal([reference]);
      expect(body['inputs']).to.deep.equal({
        proof: [
          reference,
          { type: 'document', transfer_method: 'remote_url', url: 'https://files.example/a.pdf' },
        ],
      });
    }
  });

  it('refuses files that the app does not take before it asks', async () => {
    server.parameters = {
      file_upload: { enabled: true, number_limits: 2 },
      system_parameters: { image_file_size_limit: 1 },
    };
    const readFile = (): Promise<Uint8Array> => Promise.resolve(new Uint8Array(1));
    const large = { ...testTurn(), files: [{ ...file, sizeBytes: 1024 * 1024 + 1 }] };
    await expectCode(readAnswer(leadOf(server, { readFile }), large), 'turn/file-refused');
    await expectCode(readAnswer(leadOf(server), { ...testTurn(), files: [file] }), 'turn/file-refused');
    const many = { ...testTurn(), files: ['1', '2', '3'].map((id) => ({ ...file, id })) };
    await expectCode(readAnswer(leadOf(server, { readFile }), many), 'turn/file-refused');
    server.answers['/files/upload'] = () => failure(415, 'unsupported_file_type');
    await expectCode(
      readAnswer(leadOf(server, { readFile }), { ...testTurn(), files: [file] }),
      'turn/file-refused',
    );
    expect(server.sent('/chat-messages')).to.have.length(0);
  });
});
