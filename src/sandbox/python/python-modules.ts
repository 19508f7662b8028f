/** Modules that MicroPython runs here: its own, and those of src/sandbox/micropython/modules. */
export const MICROPYTHON_MODULES: ReadonlySet<string> = new Set([
  '__future__',
  'base64',
  'collections',
  'collections.abc',
  'copy',
  'datetime',
  'functools',
  'html',
  'itertools',
  'json',
  'math',
  'operator',
  'random',
  're',
  'string',
  'time',
  'typing',
  'urllib.parse',
]);

/** Modules that talk to a network: they never work in the page. */
const NETWORK_MODULES =
  'aiohttp boto3 botocore ftplib grpc http.client http.server httplib httplib2 httpx imaplib nntplib openai paramiko ' +
  'poplib pycurl pymongo pymysql psycopg2 redis requests select selectors smtplib socket socketserver ssl telnetlib ' +
  'urllib.request urllib2 urllib3 websocket websockets xmlrpc';

/** Modules of CPython that do not work without processes, threads, a terminal or a display. */
const HOST_MODULES =
  'concurrent ctypes curses fcntl msvcrt multiprocessing pty pwd resource subprocess termios threading tkinter ' +
  'winreg _thread pyodide pyodide_js js micropip webbrowser sqlite3 lzma dbm';

/** Modules of the standard library that Pyodide runs here. */
const STANDARD_MODULES =
  'abc argparse array ast asyncio base64 binascii bisect builtins bz2 calendar cmath cmd code codecs collections ' +
  'colorsys configparser contextlib contextvars copy copyreg csv dataclasses datetime decimal difflib dis email enum ' +
  'errno fileinput fnmatch fractions functools gc getopt gettext glob graphlib gzip hashlib heapq hmac html http ' +
  'importlib inspect io ipaddress itertools json keyword linecache locale logging math mimetypes numbers opcode ' +
  'operator os pathlib pickle pkgutil platform plistlib pprint queue quopri random re reprlib sched secrets shelve ' +
  'shlex shutil signal stat statistics string stringprep struct sys sysconfig tarfile tempfile textwrap time timeit ' +
  'token tokenize tomllib traceback types typing unicodedata unittest urllib uuid warnings weakref xml zipfile zlib ' +
  'zoneinfo __future__';

const setOf = (names: string): ReadonlySet<string> => new Set(names.split(' '));
const network = setOf(NETWORK_MODULES);
const host = setOf(HOST_MODULES);
const standard = setOf(STANDARD_MODULES);

/** What a module needs: `local` code that MicroPython or Pyodide runs, or something that no page has. */
export function siteOfModule(name: string): 'micropython' | 'pyodide' | 'network' | 'host' | 'package' {
  const [root = name] = name.split('.');
  if (network.has(name) || network.has(root)) return 'network';
  if (host.has(root)) return 'host';
  if (MICROPYTHON_MODULES.has(name)) return 'micropython';
  return standard.has(root) ? 'pyodide' : 'package';
}
