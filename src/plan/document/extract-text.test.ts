import { expect } from '@open-wc/testing';
import * as fc from 'fast-check';
import { isUnderstudyError } from '../../contracts/errors.ts';
import { sceneFile } from '../steps/step-scene.ts';
import { extractText } from './extract-text.ts';
import { packZip } from './zip-scene.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (name: string, content: string | Uint8Array): Promise<string> =>
  extractText(sceneFile(name), typeof content === 'string' ? utf8(content) : content);

async function failure(name: string, content: string | Uint8Array): Promise<string> {
  try {
    await read(name, content);
    return 'none';
  } catch (error) {
    return isUnderstudyError(error) ? error.code : String(error);
  }
}

describe('the text of plain files', () => {
  it('is the file itself', async () => {
    expect(await read('a.txt', 'Grüße\n')).to.equal('Grüße\n');
    expect(await read('a.md', '# Head')).to.equal('# Head');
    expect(await read('a.html', '<b>x</b>')).to.equal('<b>x</b>');
    expect(await read('a.PY', 'x = 1')).to.equal('x = 1');
    expect(await read('a.yaml', 'a: 1')).to.equal('a: 1');
  });

  it('is found in the encoding that it has', async () => {
    expect(await read('a.txt', Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).to.equal('a');
    expect(await read('a.txt', Uint8Array.of(0xff, 0xfe, 0x61, 0x00))).to.equal('a');
    expect(await read('a.txt', Uint8Array.of(0xfe, 0xff, 0x00, 0x61))).to.equal('a');
    expect(await read('a.txt', Uint8Array.of(0x47, 0x72, 0xfc, 0xdf, 0x65))).to.equal('Grüße');
    expect(
      await read('a.txt', Uint8Array.of(0xc4, 0xe3, 0xba, 0xc3, 0xa3, 0xac, 0xca, 0xc0, 0xbd, 0xe7)),
    ).to.equal('你好，世界');
  });

  it('is known by its kind of content where there is no extension', async () => {
    const file = sceneFile('notes', { extension: '', mimeType: 'text/csv; charset=utf-8' });
    expect(await extractText(file, utf8('a,b'))).to.equal('| a | b |\n| - | - |\n');
  });

  it('is set out where it is JSON, and refused where it is none', async () => {
    expect(await read('a.json', '{"b":[1,"ü"]}')).to.equal('{\n  "b": [\n    1,\n    "ü"\n  ]\n}');
    expect(await failure('a.json', '{"b"')).to.equal('plan/value-invalid');
  });

  it('is a table where it is comma-separated', async () => {
    const text = 'name,price\r\n"Jug, blue",12\n"said ""hi""\nthere",\n\nlast';
    expect(await read('a.csv', text)).to.equal(
      '| name | price |\n| ---- | ----- |\n| Jug, blue | 12 |\n| said "hi" there |  |\n|  |\n| last |\n',
    );
    expect(await read('a.csv', '')).to.equal('');
    expect(await read('a.csv', 'a,')).to.equal('| a |  |\n| - |  |\n');
  });

  it('is names and values where it is properties', async () => {
    expect(await read('a.properties', '# note\n a = b=c \nd:e\nf\n\n! x\n')).to.equal(
      '# note\na: b=c\nd: e\nf: \n\n! x',
    );
  });
});

describe('the text of office files', () => {
  it('is paragraphs and tables of a text document', async () => {
    const p = (text: string): string => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`;
    const cell = (text: string, properties = ''): string =>
      `<w:tc><w:tcPr>${properties}</w:tcPr>${p(text)}</w:tc>`;
    const body =
      p('First &amp; <!-- no -->second') +
      '<w:p><w:r><w:t>a</w:t><w:tab/><w:t xml:space="preserve">b </w:t><w:br/></w:r>' +
      '<w:hyperlink r:id="r1"><w:r><w:t>link</w:t></w:r></w:hyperlink>' +
      '<w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:ins><w:r><w:t>new</w:t></w:r></w:ins></w:p>' +
      `<w:tbl><w:tblPr/><w:tr>${cell('A')}${cell('B')}</w:tr>` +
      `<w:tr>${cell('wide', '<w:gridSpan w:val="2"/>')}</w:tr>` +
      `<w:tr>${cell('top', '<w:vMerge w:val="restart"/>')}${cell('x')}</w:tr>` +
      `<w:tr>${cell('', '<w:vMerge/>')}<w:tc>${p('y')}${p('z')}</w:tc></w:tr></w:tbl>` +
      `<w:tbl><w:tr>${cell(' ')}</w:tr></w:tbl><w:p/><w:sectPr/>`;
    const docx = await packZip({
      'word/document.xml': `<?xml version="1.0"?><w:document xmlns:w="w"><w:body>${body}</w:body></w:document>`,
    });
    expect(await read('a.docx', docx)).to.equal(
      'First & second\na\tb \nlinknew\n| A | B |\n| --- | --- |\n| wide | wide |\n| top | x |\n| top | y<br>z |\n\n',
    );
  });

  it('is a table for each sheet of a workbook', async () => {
    const xlsx = await packZip({
      'xl/workbook.xml':
        '<workbook><sheets><sheet name="S" sheetId="1" r:id="rId1"/><sheet name="E" sheetId="2" r:id="rId2"/></sheets></workbook>',
      'xl/_rels/workbook.xml.rels':
        '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Target="/xl/worksheets/sheet2.xml"/></Relationships>',
      'xl/sharedStrings.xml':
        '<sst><si><t>name</t></si><si><r><t>ri</t></r><r><t>ch</t></r><rPh><t>no</t></rPh></si></sst>',
      'xl/styles.xml':
        '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy\\-mm&quot;d&quot;"/><numFmt numFmtId="165" formatCode="0 &quot;days&quot;"/></numFmts>' +
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>',
      'xl/worksheets/sheet1.xml':
        '<worksheet><sheetData><row r="1"/><row r="2"><c r="A2" t="s"><v>0</v></c><c r="C2" t="inlineStr"><is><t>in\nline</t></is></c></row>' +
        '<row r="3"><c r="A3"><v>1.50</v></c><c r="B3" t="b"><v>1</v></c><c r="C3" t="s"><v>1</v></c></row>' +
        '<row r="4"><c r="A4" s="1"><v>45292.5</v></c><c r="B4" s="2"><v>59</v></c><c r="C4" s="3"><v>3</v></c></row>' +
        '<row r="5"><c r="A5" t="e"><v>#N/A</v></c><c r="B5" t="str"><v>sum</v></c></row></sheetData></worksheet>',
      'xl/worksheets/sheet2.xml': '<worksheet><sheetData/></worksheet>',
    });
    expect(await read('a.xlsx', xlsx)).to.equal(
      '| name |  | in line |\n| ---- | - | ------- |\n| 1.5 | True | rich |\n' +
        '| 2024-01-01 12:00:00 | 1900-02-28 00:00:00 | 3 |\n| #N/A | sum |  |\n\n',
    );
  });

  it('is the paragraphs of the slides of a presentation, in their order', async () => {
    const slide = (text: string): string =>
      `<p:sld><p:sp><p:txBody><a:p><a:r><a:t>${text}</a:t></a:r><a:br/><a:fld><a:t>1</a:t></a:fld></a:p><a:p/></p:txBody></p:sp></p:sld>`;
    const pptx = await packZip({
      '_rels/.rels':
        '<Relationships><Relationship Id="rId1" Type="x/officeDocument" Target="/ppt/presentation.xml"/></Relationships>',
      'ppt/presentation.xml':
        '<p:presentation><p:sldIdLst><p:sldId id="256" r:id="rId3"/><p:sldId r:id="rId2" id="257"/></p:sldIdLst></p:presentation>',
      'ppt/_rels/presentation.xml.rels':
        '<Relationships><Relationship Id="rId2" Target="slides/slide1.xml"/><Relationship Id="rId3" Target="slides/slide2.xml"/></Relationships>',
      'ppt/slides/slide1.xml': slide('second'),
      'ppt/slides/slide2.xml': slide('first'),
    });
    expect(await read('a.pptx', pptx)).to.equal('first\n1\nsecond\n1');
  });

  it('is the chapters of a book, in their order', async () => {
    const epub = await packZip(
      {
        mimetype: 'application/epub+zip',
        'META-INF/container.xml':
          '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
        'OEBPS/book.opf':
          '<package><manifest><item id="b" href="text/b%20two.xhtml"/><item id="a" href="a.xhtml#x"/></manifest>' +
          '<spine><itemref idref="a"/><itemref idref="b"/><itemref idref="gone"/></spine></package>',
        'OEBPS/a.xhtml':
          '<html><head><title>no</title><style>p{}</style></head><body><h1>One</h1><p>Caf&eacute;\n  &#8212; <b>open</b></p></body></html>',
        'OEBPS/text/b two.xhtml': '<html><body><p>Two</p><script>no()</script><p></p></body></html>',
      },
      { isStored: true },
    );
    expect(await read('a.epub', epub)).to.equal('One\nCafé — open\nTwo');
  });

  it('is the paragraphs of an open document', async () => {
    const odt = await packZip({
      'content.xml':
        '<office:document><text:h>Head</text:h><text:p>a<text:tab/>b<text:s text:c="2"/>c<text:line-break/><text:span>d\n e</text:span></text:p><text:p/></office:document>',
    });
    expect(await read('a.odt', odt)).to.equal('Head\na\tb  c\nd e');
  });

  it('is refused where the file is damaged', async () => {
    const cut = (await packZip({ 'word/document.xml': '<a/>' })).slice(0, 40);
    const notXml = await packZip({ 'word/document.xml': '<a><b></a>' });
    const empty = await packZip({ other: '' });
    const packed = await packZip({ 'word/document.xml': '<w:document><w:body><w:p/></w:body></w:document>' });
    packed[50] = 0xff;
    packed[51] = 0xff;
    for (const bytes of [new Uint8Array(), utf8('no archive'), cut, notXml, empty, packed]) {
      expect(await failure('a.docx', bytes)).to.equal('plan/value-invalid');
    }
    const deep = await packZip({ 'word/document.xml': '<a>'.repeat(1000) });
    expect(await failure('a.docx', deep)).to.equal('plan/value-invalid');
  });
});

describe('the text of a mail', () => {
  it('is its plain part', async () => {
    const mail = [
      'From: ann@example.com',
      'Content-Type: multipart/mixed;',
      ' boundary="b1"',
      '',
      'preamble',
      '--b1',
      'Content-Type: multipart/alternative; boundary=b2',
      '',
      '--b2',
      'Content-Type: text/plain; charset=iso-8859-1',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      'Gr=FC=DFe, the jug is =',
      'broken.',
      '--b2',
      'Content-Type: text/html',
      '',
      '<p>other</p>',
      '--b2--',
      '--b1',
      'Content-Type: text/plain',
      'Content-Disposition: attachment; filename=a.txt',
      '',
      'attached',
      '--b1',
      'Content-Type: text/html; charset=utf-8',
      'Content-Transfer-Encoding: base64',
      '',
      'PHA+QnllIPCfmIA8L3A+',
      '--b1--',
      '',
    ].join('\r\n');
    expect(await read('a.eml', mail)).to.equal('Grüße, the jug is broken.\nBye 😀');
  });

  it('is its body where it has no parts', async () => {
    expect(await read('a.eml', 'Subject: x\n\nHello\n')).to.equal('Hello');
    expect(await read('a.eml', 'Subject: x')).to.equal('');
  });
});

describe('the text of other files', () => {
  it('is left to the cloud agent where it can be read there', async () => {
    for (const name of ['a.doc', 'a.ppt', 'a.xls', 'a.msg']) {
      expect(await failure(name, 'x')).to.equal('plan/needs-lead');
    }
  });

  it('is none where the kind holds no text', async () => {
    expect(await failure('a.png', 'x')).to.equal('plan/value-invalid');
  });

  it('is a text or a coded error, whatever the bytes', async () => {
    const kinds = fc.constantFrom(
      '.txt',
      '.csv',
      '.json',
      '.docx',
      '.xlsx',
      '.pptx',
      '.epub',
      '.odt',
      '.eml',
      '.properties',
    );
    await fc.assert(
      fc.asyncProperty(kinds, fc.uint8Array({ maxLength: 300 }), async (kind, bytes) => {
        expect(await failure(`a${kind}`, bytes)).to.be.oneOf(['none', 'plan/value-invalid']);
      }),
      { numRuns: 500 },
    );
  });

  it('is a text or a coded error, whatever the XML', async () => {
    const xml = fc
      .array(
        fc.constantFrom(
          '<a>',
          '</a>',
          '<b x="1">',
          '</b>',
          '<c/>',
          'text',
          '&lt;',
          '&#x110000;',
          '<!--',
          '-->',
          '<![CDATA[',
          ']]>',
          '<?x?>',
          '<!DOCTYPE a [<!ENTITY x "y">]>',
          '<',
          '"',
        ),
      )
      .map((tokens) => tokens.join(''));
    await fc.assert(
      fc.asyncProperty(xml, async (text) => {
        const docx = await packZip({
          'word/document.xml': `<w:document><w:body>${text}</w:body></w:document>`,
        });
        expect(await failure('a.docx', docx)).to.be.oneOf(['none', 'plan/value-invalid']);
      }),
      { numRuns: 200 },
    );
  });
});
