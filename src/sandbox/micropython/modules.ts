/*
 * Modules of Python's standard library for MicroPython, as far as code steps use them. Each runs in a scope with `h` (functions of the
 * host), `loads` (strict reader's fast half), `py_str`, `py_repr` and `Module`. Names that begin with `_` stay inside.
 */

const JSON_MODULE = String.raw`
class JSONDecodeError(ValueError):
    def __init__(self, msg, doc='', pos=0):
        line = doc.count('\n', 0, pos) + 1
        col = pos - doc.rfind('\n', 0, pos)
        super().__init__(msg + ': line ' + str(line) + ' column ' + str(col) + ' (char ' + str(pos) + ')')
        self.msg = msg
        self.doc = doc
        self.pos = pos
        self.lineno = line
        self.colno = col

def _loads(s, *, strict=True, **kw):
    if kw:
        raise TypeError('json.loads of this interpreter takes no ' + list(kw)[0])
    if isinstance(s, (bytes, bytearray)):
        s = bytes(s).decode()
    if not isinstance(s, str):
        raise TypeError('the JSON object must be str, bytes or bytearray, not ' + type(s).__name__)
    r = h.json(s, strict)
    if r[0] == '-':
        msg, _, pos = r[1:].partition('\t')
        raise JSONDecodeError(msg, s, int(pos))
    return _read(r[1:])

_read = loads
_inf = float('inf')

def _number(x):
    if x != x:
        return 'NaN'
    if x == _inf:
        return 'Infinity'
    if x == -_inf:
        return '-Infinity'
    return repr(x)

def _key(k):
    t = type(k)
    if t is str:
        return k
    if k is True:
        return 'true'
    if k is False:
        return 'false'
    if k is None:
        return 'null'
    if t is int:
        return str(k)
    if t is float:
        return _number(k)
    raise TypeError('keys must be str, int, float, bool or None, not ' + t.__name__)

def dumps(obj, *, skipkeys=False, ensure_ascii=True, check_circular=True, allow_nan=True, indent=None, separators=None, default=None, sort_keys=False):
    if indent is not None and type(indent) is not str:
        indent = ' ' * indent
    item, colon = separators or (',' if indent is not None else ', ', ': ')
    open_ids = []

    def write(x, margin):
        t = type(x)
        if t is str:
            return h.quote(x, ensure_ascii)
        if x is None:
            return 'null'
        if x is True:
            return 'true'
        if x is False:
            return 'false'
        if t is int:
            return str(x)
        if t is float:
            if x - x != 0 and not allow_nan:
                raise ValueError('Out of range float values are not JSON compliant')
            return _number(x)
        is_dict = isinstance(x, dict)
        if is_dict or isinstance(x, (list, tuple)):
            if not x:
                return '{}' if is_dict else '[]'
            if id(x) in open_ids:
                raise ValueError('Circular reference detected')
            open_ids.append(id(x))
            inner = margin if indent is None else margin + indent
            if is_dict:
                pairs = list(x.items())
                if sort_keys:
                    pairs = sorted(pairs, key=lambda p: p[0])
                parts = [h.quote(_key(k), ensure_ascii) + colon + write(v, inner) for k, v in pairs
                         if not skipkeys or k is None or isinstance(k, (str, int, float))]
            else:
                parts = [write(v, inner) for v in x]
            open_ids.pop()
            a, b = '{}' if is_dict else '[]'
            if indent is None:
                return a + item.join(parts) + b
            return a + '\n' + inner + (item + '\n' + inner).join(parts) + '\n' + margin + b
        if default is not None:
            return write(default(x), margin)
        raise TypeError('Object of type ' + t.__name__ + ' is not JSON serializable')

    return write(obj, '')

loads = _loads

def load(f, **kw):
    return loads(f.read(), **kw)

def dump(obj, f, **kw):
    f.write(dumps(obj, **kw))
`;

const RE_MODULE = String.raw`
I = IGNORECASE = 2
M = MULTILINE = 8
S = DOTALL = 16
X = VERBOSE = 64
A = ASCII = 256
U = UNICODE = 32
NOFLAG = 0

class error(Exception):
    pass

PatternError = error

class Match:
    def __init__(self, re, string, spans):
        self.re = re
        self.string = string
        self.pos = 0
        self.endpos = len(string)
        self._spans = spans

    def _index(self, group):
        if type(group) is str:
            if group not in self.re.groupindex:
                raise IndexError('no such group')
            return self.re.groupindex[group]
        if group < 0 or group >= len(self._spans):
            raise IndexError('no such group')
        return group

    def _one(self, group, default=None):
        span = self._spans[self._index(group)]
        return default if span is None else self.string[span[0]:span[1]]

    def group(self, *groups):
        if not groups:
            return self._one(0)
        if len(groups) == 1:
            return self._one(groups[0])
        return tuple([self._one(g) for g in groups])

    def __getitem__(self, group):
        return self._one(group)

    def groups(self, default=None):
        return tuple([self._one(i, default) for i in range(1, len(self._spans))])

    def groupdict(self, default=None):
        return {k: self._one(i, default) for k, i in self.re.groupindex.items()}

    def span(self, group=0):
        span = self._spans[self._index(group)]
        return (-1, -1) if span is None else (span[0], span[1])

    def start(self, group=0):
        return self.span(group)[0]

    def end(self, group=0):
        return self.span(group)[1]

    @property
    def lastindex(self):
        best, end = None, -1
        for i in range(1, len(self._spans)):
            if self._spans[i] is not None and self._spans[i][1] > end:
                best, end = i, self._spans[i][1]
        return best

    @property
    def lastgroup(self):
        for k, i in self.re.groupindex.items():
            if i == self.lastindex:
                return k
        return None

    def expand(self, template):
        return _template(template)(self)

    def __repr__(self):
        return '<re.Match object; span=' + str(self.span()) + ', match=' + py_repr(self.group()) + '>'

_ESCAPES = {'n': '\n', 't': '\t', 'r': '\r', 'a': '\x07', 'b': '\x08', 'f': '\x0c', 'v': '\x0b', '\\': '\\'}

def _template(repl):
    if '\\' not in repl:
        return lambda m: repl
    parts = []
    i = 0
    n = len(repl)
    while i < n:
        c = repl[i]
        if c != '\\':
            j = repl.find('\\', i)
            j = n if j < 0 else j
            parts.append(repl[i:j])
            i = j
            continue
        i += 1
        if i >= n:
            raise error('bad escape (end of pattern)')
        c = repl[i]
        if c == 'g':
            j = repl.find('>', i)
            if i + 1 >= n or repl[i + 1] != '<' or j < 0:
                raise error('missing <')
            name = repl[i + 2:j]
            parts.append((int(name) if name.isdigit() else name,))
            i = j + 1
        elif c == '0':
            parts.append('\0')
            i += 1
        elif c in '123456789':
            j = i + 1
            if j < n and repl[j] in '0123456789':
                j += 1
            parts.append((int(repl[i:j]),))
            i = j
        elif c in _ESCAPES:
            parts.append(_ESCAPES[c])
            i += 1
        elif c.isalpha():
            raise error('bad escape \\' + c)
        else:
            parts.append('\\' + c)
            i += 1

    def fill(m):
        out = ''
        for p in parts:
            if type(p) is tuple:
                try:
                    out += m._one(p[0], '')
                except IndexError:
                    raise error('invalid group reference ' + str(p[0]))
            else:
                out += p
        return out
    return fill

class Pattern:
    def __init__(self, pattern, flags):
        if isinstance(pattern, (bytes, bytearray)):
            raise TypeError('patterns over bytes are not supported here')
        made = loads(h.re_compile(pattern, flags))
        if 'fault' in made:
            raise error(made['fault'])
        self.pattern = pattern
        self.flags = flags
        self._handle = made['handle']
        self.groups = len(made['names'])
        self.groupindex = {}
        for i, name in enumerate(made['names']):
            if name:
                self.groupindex[name] = i + 1

    def _find(self, string, pos, endpos, mode):
        if not isinstance(string, str):
            raise TypeError('expected string or bytes-like object, got ' + repr(type(string).__name__))
        if endpos is not None and endpos < len(string):
            string = string[:endpos]
        return [Match(self, string, spans) for spans in loads(h.re_find(self._handle, string, pos, mode))]

    def _first(self, string, pos, endpos, mode):
        found = self._find(string, pos, endpos, mode)
        return found[0] if found else None

    def search(self, string, pos=0, endpos=None):
        return self._first(string, pos, endpos, 'search')

    def match(self, string, pos=0, endpos=None):
        return self._first(string, pos, endpos, 'match')

    def fullmatch(self, string, pos=0, endpos=None):
        return self._first(string, pos, endpos, 'fullmatch')

    def finditer(self, string, pos=0, endpos=None):
        return iter(self._find(string, pos, endpos, 'all'))

    def findall(self, string, pos=0, endpos=None):
        found = self._find(string, pos, endpos, 'all')
        if self.groups == 0:
            return [m.group() for m in found]
        if self.groups == 1:
            return [m._one(1, '') for m in found]
        return [m.groups('') for m in found]

    def subn(self, repl, string, count=0):
        fill = repl if callable(repl) else _template(repl)
        out = []
        at = n = 0
        for m in self._find(string, 0, None, 'all'):
            if count and n >= count:
                break
            start, end = m.span()
            out.append(string[at:start])
            out.append(fill(m))
            at = end
            n += 1
        out.append(string[at:])
        return ''.join(out), n

    def sub(self, repl, string, count=0):
        return self.subn(repl, string, count)[0]

    def split(self, string, maxsplit=0):
        out = []
        at = n = 0
        for m in self._find(string, 0, None, 'all'):
            if maxsplit and n >= maxsplit:
                break
            start, end = m.span()
            out.append(string[at:start])
            out.extend(m.groups())
            at = end
            n += 1
        out.append(string[at:])
        return out

    def __repr__(self):
        return 're.compile(' + py_repr(self.pattern) + ')'

_cache = {}

def compile(pattern, flags=0):
    if isinstance(pattern, Pattern):
        return pattern
    key = (pattern, flags)
    if key not in _cache:
        _cache[key] = Pattern(pattern, flags)
    return _cache[key]

def search(pattern, string, flags=0):
    return compile(pattern, flags).search(string)

def match(pattern, string, flags=0):
    return compile(pattern, flags).match(string)

def fullmatch(pattern, string, flags=0):
    return compile(pattern, flags).fullmatch(string)

def findall(pattern, string, flags=0):
    return compile(pattern, flags).findall(string)

def finditer(pattern, string, flags=0):
    return compile(pattern, flags).finditer(string)

def sub(pattern, repl, string, count=0, flags=0):
    return compile(pattern, flags).sub(repl, string, count)

def subn(pattern, repl, string, count=0, flags=0):
    return compile(pattern, flags).subn(repl, string, count)

def split(pattern, string, maxsplit=0, flags=0):
    return compile(pattern, flags).split(string, maxsplit)

def escape(s):
    return ''.join(['\\' + c if c in '()[]{}?*+-|^$\\.&~# \t\n\r\v\f' else c for c in s])

def purge():
    _cache.clear()
`;

const COLLECTIONS = String.raw`
from collections import OrderedDict, namedtuple
_native_deque = __import__('collections').deque

class _Counted(dict):
    pass

class deque:
    def __init__(self, items=(), maxlen=None):
        self.maxlen = maxlen
        self._items = []
        self.extend(items)

    def _trim(self, left):
        while self.maxlen is not None and len(self._items) > self.maxlen:
            self._items.pop(0 if left else -1)

    def append(self, x):
        self._items.append(x)
        self._trim(True)

    def appendleft(self, x):
        self._items.insert(0, x)
        self._trim(False)

    def extend(self, items):
        for x in items:
            self.append(x)

    def extendleft(self, items):
        for x in items:
            self.appendleft(x)

    def pop(self):
        if not self._items:
            raise IndexError('pop from an empty deque')
        return self._items.pop()

    def popleft(self):
        if not self._items:
            raise IndexError('pop from an empty deque')
        return self._items.pop(0)

    def clear(self):
        self._items.clear()

    def rotate(self, n=1):
        if self._items:
            n = n % len(self._items)
            self._items = self._items[len(self._items) - n:] + self._items[:len(self._items) - n]

    def count(self, x):
        return self._items.count(x)

    def __len__(self):
        return len(self._items)

    def __iter__(self):
        return iter(self._items)

    def __getitem__(self, i):
        return self._items[i]

    def __setitem__(self, i, x):
        self._items[i] = x

    def __contains__(self, x):
        return x in self._items

    def __bool__(self):
        return bool(self._items)

    def __eq__(self, other):
        return isinstance(other, deque) and self._items == other._items

    def __repr__(self):
        more = '' if self.maxlen is None else ', maxlen=' + str(self.maxlen)
        return 'deque(' + py_repr(self._items) + more + ')'

class defaultdict(dict):
    def __init__(self, default_factory=None, *a, **k):
        super().__init__(*a, **k)
        self.default_factory = default_factory

    def __getitem__(self, key):
        if key not in self:
            if self.default_factory is None:
                raise KeyError(key)
            self[key] = self.default_factory()
        return super().__getitem__(key)

    def __repr__(self):
        return 'defaultdict(' + repr(self.default_factory) + ', ' + py_repr(_plain(self)) + ')'

def _plain(d):
    out = {}
    for k, v in d.items():
        out[k] = v
    return out

class Counter(dict):
    def __init__(self, items=None, **kw):
        super().__init__()
        self.update(items, **kw)

    def __getitem__(self, key):
        return super().__getitem__(key) if key in self else 0

    def update(self, items=None, **kw):
        self._add(items, 1)
        self._add(kw, 1)

    def subtract(self, items=None, **kw):
        self._add(items, -1)
        self._add(kw, -1)

    def _add(self, items, sign):
        if items is None:
            return
        if hasattr(items, 'items'):
            for k, n in items.items():
                self[k] = self[k] + sign * n
        else:
            for k in items:
                self[k] = self[k] + sign

    def most_common(self, n=None):
        pairs = sorted(list(self.items()), key=lambda p: p[1], reverse=True)
        return pairs if n is None else pairs[:n]

    def elements(self):
        for k, n in self.items():
            for _ in range(n):
                yield k

    def total(self):
        return sum(self.values())

    def copy(self):
        return Counter(_plain(self))

    def _with(self, other, f):
        out = Counter()
        for k in list(self.keys()) + [k for k in other.keys() if k not in self]:
            n = f(self[k], other[k])
            if n > 0:
                out[k] = n
        return out

    def __add__(self, other):
        return self._with(other, lambda a, b: a + b)

    def __sub__(self, other):
        return self._with(other, lambda a, b: a - b)

    def __and__(self, other):
        return self._with(other, min)

    def __or__(self, other):
        return self._with(other, max)

    def __repr__(self):
        if not self:
            return 'Counter()'
        return 'Counter({' + ', '.join([py_repr(k) + ': ' + py_repr(n) for k, n in self.most_common()]) + '})'
`;

const TYPING = String.raw`
class _Any:
    def __getitem__(self, item):
        return self

    def __call__(self, *a, **k):
        return a[1] if len(a) > 1 else None

    def __or__(self, other):
        return self

    def __ror__(self, other):
        return self

Any = List = Dict = Optional = Union = Tuple = Set = FrozenSet = Callable = Iterable = Iterator = Sequence = Mapping = MutableMapping = Type = Literal = Generator = Final = ClassVar = Hashable = Text = NoReturn = DefaultDict = Deque = Annotated = Self = _Any()
TYPE_CHECKING = False

def TypeVar(name, *a, **k):
    return Any

def cast(kind, value):
    return value

class Generic:
    pass
`;

const FUNCTOOLS = String.raw`
def reduce(f, items, *start):
    it = iter(items)
    if start:
        value = start[0]
    else:
        try:
            value = next(it)
        except StopIteration:
            raise TypeError('reduce() of empty iterable with no initial value')
    for i in it:
        value = f(value, i)
    return value

def partial(f, *args, **kw):
    def call(*more, **others):
        k = {}
        k.update(kw)
        k.update(others)
        return f(*(args + more), **k)
    return call

def wraps(f, *a, **k):
    return lambda g: g

def update_wrapper(wrapper, wrapped, *a, **k):
    return wrapper

def lru_cache(maxsize=128, typed=False):
    def decorate(f):
        kept = {}
        def call(*a, **k):
            key = (a, tuple(sorted(k.items(), key=lambda p: p[0])))
            if key not in kept:
                kept[key] = f(*a, **k)
            return kept[key]
        call_cache[f] = kept
        return call
    if callable(maxsize):
        f = maxsize
        return decorate(f)
    return decorate

call_cache = {}

def cache(f):
    return lru_cache(None)(f)

def cmp_to_key(compare):
    class Key:
        def __init__(self, value):
            self.value = value
        def __lt__(self, other):
            return compare(self.value, other.value) < 0
        def __gt__(self, other):
            return compare(self.value, other.value) > 0
        def __eq__(self, other):
            return compare(self.value, other.value) == 0
    return Key
`;

const ITERTOOLS = String.raw`
def count(start=0, step=1):
    while True:
        yield start
        start += step

def cycle(items):
    kept = list(items)
    while kept:
        for i in kept:
            yield i

def repeat(x, times=None):
    if times is None:
        while True:
            yield x
    for _ in range(times):
        yield x

def chain(*all):
    for items in all:
        for i in items:
            yield i

def _flat(all):
    for items in all:
        for i in items:
            yield i

chain_ = chain

class _Chain:
    def __call__(self, *all):
        return _flat(all)
    def from_iterable(self, all):
        return _flat(all)

chain = _Chain()

def islice(items, *a):
    start, stop, step = 0, None, 1
    if len(a) == 1:
        stop = a[0]
    else:
        start, stop = a[0] or 0, a[1]
        if len(a) > 2 and a[2] is not None:
            step = a[2]
    it = iter(items)
    i = 0
    wanted = start
    while stop is None or i < stop:
        try:
            x = next(it)
        except StopIteration:
            return
        if i == wanted:
            yield x
            wanted += step
        i += 1

def accumulate(items, func=None, *, initial=None):
    total = initial
    is_first = initial is None
    if not is_first:
        yield total
    for i in items:
        total = i if is_first else (total + i if func is None else func(total, i))
        is_first = False
        yield total

def product(*all, repeat=1):
    pools = [tuple(p) for p in all] * repeat
    rows = [()]
    for pool in pools:
        rows = [row + (x,) for row in rows for x in pool]
    return iter(rows)

def permutations(items, r=None):
    pool = tuple(items)
    r = len(pool) if r is None else r
    def walk(chosen, used):
        if len(chosen) == r:
            yield tuple(chosen)
            return
        for i in range(len(pool)):
            if i not in used:
                yield from walk(chosen + [pool[i]], used + [i])
    return walk([], [])

def combinations(items, r):
    pool = tuple(items)
    def walk(start, chosen):
        if len(chosen) == r:
            yield tuple(chosen)
            return
        for i in range(start, len(pool)):
            yield from walk(i + 1, chosen + [pool[i]])
    return walk(0, [])

def combinations_with_replacement(items, r):
    pool = tuple(items)
    def walk(start, chosen):
        if len(chosen) == r:
            yield tuple(chosen)
            return
        for i in range(start, len(pool)):
            yield from walk(i, chosen + [pool[i]])
    return walk(0, [])

def groupby(items, key=None):
    group = []
    last = None
    for i in items:
        k = i if key is None else key(i)
        if group and k != last:
            yield last, iter(group)
            group = []
        last = k
        group.append(i)
    if group:
        yield last, iter(group)

def zip_longest(*all, fillvalue=None):
    lists = [list(i) for i in all]
    for n in range(max([len(i) for i in lists]) if lists else 0):
        yield tuple([i[n] if n < len(i) else fillvalue for i in lists])

def takewhile(test, items):
    for i in items:
        if not test(i):
            return
        yield i

def dropwhile(test, items):
    is_open = False
    for i in items:
        if is_open or not test(i):
            is_open = True
            yield i

def filterfalse(test, items):
    for i in items:
        if not (i if test is None else test(i)):
            yield i

def starmap(f, items):
    for i in items:
        yield f(*i)

def pairwise(items):
    is_first = True
    last = None
    for i in items:
        if not is_first:
            yield last, i
        last = i
        is_first = False

def compress(items, selectors):
    for i, s in zip(items, selectors):
        if s:
            yield i

def tee(items, n=2):
    kept = list(items)
    return tuple([iter(kept) for _ in range(n)])
`;

const MATH = String.raw`
from math import *

def gcd(*all):
    g = 0
    for b in all:
        a = abs(g)
        b = abs(b)
        while b:
            a, b = b, a % b
        g = a
    return g

def lcm(*all):
    m = 1
    for x in all:
        if x == 0:
            return 0
        m = abs(m * x) // gcd(m, x)
    return m

def hypot(*all):
    return sqrt(sum([x * x for x in all]))

def dist(p, q):
    return sqrt(sum([(a - b) ** 2 for a, b in zip(p, q)]))

def prod(items, *, start=1):
    for i in items:
        start *= i
    return start

def isqrt(n):
    if n < 0:
        raise ValueError('isqrt() argument must be nonnegative')
    x = n
    y = (x + 1) // 2
    while y < x:
        x = y
        y = (x + n // x) // 2
    return x

def perm(n, k=None):
    k = n if k is None else k
    p = 1
    for i in range(k):
        p *= n - i
    return p

def comb(n, k):
    return 0 if k > n else perm(n, k) // perm(k)

def fsum(items):
    parts = []
    for x in items:
        i = 0
        for y in parts:
            if abs(x) < abs(y):
                x, y = y, x
            high = x + y
            low = y - (high - x)
            if low:
                parts[i] = low
                i += 1
            x = high
        parts[i:] = [x]
    total = 0.0
    for x in parts:
        total += x
    return total
`;

const RANDOM = String.raw`
from random import *

def shuffle(x):
    for i in range(len(x) - 1, 0, -1):
        j = randrange(i + 1)
        x[i], x[j] = x[j], x[i]

def sample(items, k):
    pool = list(items)
    if k > len(pool):
        raise ValueError('Sample larger than population or is negative')
    shuffle(pool)
    return pool[:k]

def choices(items, weights=None, *, cum_weights=None, k=1):
    pool = list(items)
    if weights is None and cum_weights is None:
        return [choice(pool) for _ in range(k)]
    sums = cum_weights
    if sums is None:
        sums = []
        total = 0
        for w in weights:
            total += w
            sums.append(total)
    out = []
    for _ in range(k):
        r = random() * sums[-1]
        i = 0
        while i < len(pool) - 1 and r >= sums[i]:
            i += 1
        out.append(pool[i])
    return out
`;

const STRING =
  String.raw`
ascii_lowercase = 'abcdefghijklmnopqrstuvwxyz'
ascii_uppercase = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
ascii_letters = ascii_lowercase + ascii_uppercase
digits = '0123456789'
hexdigits = '0123456789abcdefABCDEF'
octdigits = '01234567'
punctuation = '!"#$%&\'()*+,-./:;<=>?@[\\]^_` +
  '`' +
  String.raw`{|}~'
whitespace = ' \t\n\r\v\f'
printable = digits + ascii_letters + punctuation + whitespace

def capwords(s, sep=None):
    return (sep or ' ').join([w.capitalize() for w in s.split(sep)])
`;

const BASE64 = String.raw`
import binascii as _b

def _bytes(s):
    return s.encode() if isinstance(s, str) else s

def b64encode(s, altchars=None):
    if isinstance(s, str):
        raise TypeError("a bytes-like object is required, not 'str'")
    return _b.b2a_base64(s).replace(b'\n', b'')

def b64decode(s, altchars=None, validate=False):
    s = bytes([c for c in _bytes(s) if chr(c) in 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/='])
    if len(s.replace(b'=', b'')) % 4 == 1 or len(s) % 4:
        raise Error('Incorrect padding')
    return _b.a2b_base64(s) if s else b''

def urlsafe_b64encode(s):
    return b64encode(s).replace(b'+', b'-').replace(b'/', b'_')

def urlsafe_b64decode(s):
    return b64decode(_bytes(s).replace(b'-', b'+').replace(b'_', b'/'))

standard_b64encode = b64encode
standard_b64decode = b64decode

class Error(ValueError):
    pass

def b16encode(s):
    return _b.hexlify(s).upper()
`;

const COPY = String.raw`
def copy(x):
    if isinstance(x, dict):
        d = {}
        d.update(x)
        return d
    if isinstance(x, list):
        return x[:]
    if isinstance(x, set):
        return set(x)
    return x

def deepcopy(x, memo=None):
    t = type(x)
    if t is dict:
        return {deepcopy(k): deepcopy(v) for k, v in x.items()}
    if t is list:
        return [deepcopy(i) for i in x]
    if t is tuple:
        return tuple([deepcopy(i) for i in x])
    if t is set:
        return set([deepcopy(i) for i in x])
    return x
`;

const OPERATOR = String.raw`
def itemgetter(*keys):
    if len(keys) == 1:
        return lambda x: x[keys[0]]
    return lambda x: tuple([x[k] for k in keys])

def attrgetter(*names):
    def one(x, name):
        for n in name.split('.'):
            x = getattr(x, n)
        return x
    if len(names) == 1:
        return lambda x: one(x, names[0])
    return lambda x: tuple([one(x, n) for n in names])

def methodcaller(name, *a, **k):
    return lambda x: getattr(x, name)(*a, **k)

def add(a, b): return a + b
def sub(a, b): return a - b
def mul(a, b): return a * b
def truediv(a, b): return a / b
def floordiv(a, b): return a // b
def mod(a, b): return a % b
def neg(a): return -a
def eq(a, b): return a == b
def ne(a, b): return a != b
def lt(a, b): return a < b
def le(a, b): return a <= b
def gt(a, b): return a > b
def ge(a, b): return a >= b
def not_(a): return not a
def contains(a, b): return b in a
def getitem(a, b): return a[b]
`;

const HTML = String.raw`
def escape(s, quote=True):
    s = s.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')
    return s.replace('"', '&quot;').replace("'", '&#x27;') if quote else s
`;

const URL = String.raw`
def quote(string, safe='/', encoding=None, errors=None):
    if isinstance(string, bytes):
        string = string.decode()
    return h.encodeuri(string, safe)

def quote_plus(string, safe='', encoding=None, errors=None):
    return quote(string, safe + ' ').replace(' ', '+')

def unquote(string, encoding='utf-8', errors='replace'):
    return h.decodeuri(string)

def unquote_plus(string, encoding='utf-8', errors='replace'):
    return unquote(string.replace('+', ' '))

def urlencode(query, doseq=False, safe='', encoding=None, errors=None, quote_via=quote_plus):
    out = []
    for k, v in (query.items() if hasattr(query, 'items') else query):
        values = v if doseq and isinstance(v, (list, tuple)) else [v]
        for one in values:
            out.append(quote_via(py_str(k), safe) + '=' + quote_via(py_str(one), safe))
    return '&'.join(out)

class _Parts(tuple):
    pass

class ParseResult:
    def __init__(self, scheme, netloc, path, params, query, fragment):
        self.scheme, self.netloc, self.path, self.params, self.query, self.fragment = scheme, netloc, path, params, query, fragment
        self._all = (scheme, netloc, path, params, query, fragment)

    def __iter__(self):
        return iter(self._all)

    def __getitem__(self, i):
        return self._all[i]

    def __len__(self):
        return 6

    @property
    def _host(self):
        return self.netloc.rpartition('@')[2]

    @property
    def hostname(self):
        host = self._host
        if host.startswith('['):
            return host[1:].partition(']')[0].lower()
        return host.partition(':')[0].lower() or None

    @property
    def port(self):
        after = self._host.rpartition(']')[2].partition(':')[2]
        return int(after) if after else None

    @property
    def username(self):
        return self.netloc.rpartition('@')[0].partition(':')[0] or None

    @property
    def password(self):
        return self.netloc.rpartition('@')[0].partition(':')[2] or None

    def geturl(self):
        return urlunparse(self)

    def _replace(self, **kw):
        names = ('scheme', 'netloc', 'path', 'params', 'query', 'fragment')
        return ParseResult(*[kw.get(n, v) for n, v in zip(names, self._all)])

def urlparse(url, scheme='', allow_fragments=True):
    url = url.strip()
    netloc = query = fragment = params = ''
    head, colon, rest = url.partition(':')
    if colon and head and head[0].isalpha() and all([c.isalnum() or c in '+-.' for c in head]):
        scheme, url = head.lower(), rest
    if url.startswith('//'):
        end = len(url)
        for c in '/?#':
            i = url.find(c, 2)
            if i >= 0:
                end = min(end, i)
        netloc, url = url[2:end], url[end:]
    if allow_fragments and '#' in url:
        url, _, fragment = url.partition('#')
    if '?' in url:
        url, _, query = url.partition('?')
    return ParseResult(scheme, netloc, url, params, query, fragment)

urlsplit = urlparse

def urlunparse(parts):
    scheme, netloc, path, params, query, fragment = parts
    url = path
    if netloc or (scheme and path[:2] == '//'):
        url = '//' + netloc + ('/' + url if url and url[0] != '/' else url)
    if scheme:
        url = scheme + ':' + url
    if query:
        url += '?' + query
    return url + '#' + fragment if fragment else url

def parse_qsl(qs, keep_blank_values=False, strict_parsing=False, **kw):
    out = []
    for part in qs.split('&'):
        name, _, value = part.partition('=')
        if part and (value or keep_blank_values):
            out.append((unquote_plus(name), unquote_plus(value)))
    return out

def parse_qs(qs, keep_blank_values=False, strict_parsing=False, **kw):
    out = {}
    for k, v in parse_qsl(qs, keep_blank_values):
        out.setdefault(k, []).append(v)
    return out

def urljoin(base, url, allow_fragments=True):
    if not base or not url:
        return url or base
    b, u = urlparse(base), urlparse(url)
    if u.scheme and u.scheme != b.scheme or u.netloc and u.scheme:
        return url
    if u.netloc:
        return urlunparse((b.scheme, u.netloc, u.path, '', u.query, u.fragment))
    if not u.path:
        return urlunparse((b.scheme, b.netloc, b.path, '', u.query or b.query, u.fragment))
    if u.path[0] == '/':
        path = u.path.split('/')
    else:
        path = b.path.split('/')[:-1] + u.path.split('/')
        if b.netloc and path[0] != '':
            path.insert(0, '')
    out = []
    for i, p in enumerate(path):
        if p == '..':
            if len(out) > 1:
                out.pop()
            if i == len(path) - 1:
                out.append('')
        elif p != '.':
            out.append(p)
        elif i == len(path) - 1:
            out.append('')
    return urlunparse((b.scheme, b.netloc, '/'.join(out), '', u.query, u.fragment))
`;

/** Names and formats of dates, for `datetime` and `time`. */
const DATES = String.raw`
_days = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split()
_months = 'January February March April May June July August September October November December'.split()

def _two(n, width=2):
    return ('0' * width + str(n))[-width:]

def _format(spec, y, mo, d, h, mi, s, wd, yd, us=0, zone='', offset=''):
    out = ''
    i = 0
    while i < len(spec):
        c = spec[i]
        if c != '%' or i + 1 >= len(spec):
            out += c
            i += 1
            continue
        i += 1
        c = spec[i]
        if c in '-#' and i + 1 < len(spec):
            i += 1
            inner = _format('%' + spec[i], y, mo, d, h, mi, s, wd, yd, us, zone, offset).lstrip('0')
            out += inner or '0'
        elif c == 'Y': out += _two(y, 4) if y < 1000 else str(y)
        elif c == 'm': out += _two(mo)
        elif c == 'd': out += _two(d)
        elif c == 'H': out += _two(h)
        elif c == 'M': out += _two(mi)
        elif c == 'S': out += _two(s)
        elif c == 'y': out += _two(y % 100)
        elif c == 'f': out += _two(us, 6)
        elif c == 'j': out += _two(yd, 3)
        elif c == 'I': out += _two((h + 11) % 12 + 1)
        elif c == 'p': out += 'AM' if h < 12 else 'PM'
        elif c == 'A': out += _days[wd]
        elif c == 'a': out += _days[wd][:3]
        elif c == 'B': out += _months[mo - 1]
        elif c in 'bh': out += _months[mo - 1][:3]
        elif c == 'e': out += (' ' + str(d))[-2:]
        elif c == 'w': out += str((wd + 1) % 7)
        elif c == 'u': out += str(wd + 1)
        elif c == 'U': out += _two((yd + 6 - (wd + 1) % 7) // 7)
        elif c == 'W': out += _two((yd + 6 - wd) // 7)
        elif c == 'F': out += _format('%Y-%m-%d', y, mo, d, h, mi, s, wd, yd)
        elif c in 'TX': out += _format('%H:%M:%S', y, mo, d, h, mi, s, wd, yd)
        elif c == 'R': out += _format('%H:%M', y, mo, d, h, mi, s, wd, yd)
        elif c in 'Dx': out += _format('%m/%d/%y', y, mo, d, h, mi, s, wd, yd)
        elif c == 'c': out += _format('%a %b %e %H:%M:%S %Y', y, mo, d, h, mi, s, wd, yd)
        elif c == 'n': out += '\n'
        elif c == 't': out += '\t'
        elif c == 'Z': out += zone
        elif c == 'z': out += offset
        elif c == '%': out += '%'
        else: raise ValueError('this interpreter does not format %' + c)
        i += 1
    return out
`;

const DATETIME = String.raw`
from datetime import datetime, date, time, timedelta, timezone, MINYEAR, MAXYEAR
${DATES}
def _offset(x):
    off = x.utcoffset() if hasattr(x, 'utcoffset') else None
    if off is None:
        return ''
    m = int(off.total_seconds() // 60)
    return ('-' if m < 0 else '+') + _two(abs(m) // 60) + _two(abs(m) % 60)

def _strftime(self, format):
    day = date(self.year, self.month, self.day)
    yd = day.toordinal() - date(self.year, 1, 1).toordinal() + 1
    is_moment = hasattr(self, 'hour')
    h, mi, s, us = (self.hour, self.minute, self.second, self.microsecond) if is_moment else (0, 0, 0, 0)
    offset = _offset(self) if is_moment else ''
    zone = '' if not is_moment or not offset else 'UTC' if offset == '+0000' else 'UTC' + offset[:3] + ':' + offset[3:]
    return _format(format, self.year, self.month, self.day, h, mi, s, day.weekday(), yd, us, zone, offset)

def _clock(self, format):
    return _format(format, 1900, 1, 1, self.hour, self.minute, self.second, 0, 1, self.microsecond)

def _strptime(text, format):
    v = {'Y': 1900, 'm': 1, 'd': 1, 'H': 0, 'M': 0, 'S': 0, 'f': 0}
    half = None
    zone = None
    at = i = 0

    def fail():
        raise ValueError('time data ' + py_repr(text) + ' does not match format ' + py_repr(format))

    def number(most):
        nonlocal at
        n = at
        while n < len(text) and n - at < most and text[n] in '0123456789':
            n += 1
        if n == at:
            fail()
        value = int(text[at:n])
        at = n
        return value

    def word(names):
        nonlocal at
        for index, name in sorted(enumerate(names), key=lambda p: -len(p[1])):
            if text[at:at + len(name)].lower() == name.lower():
                at += len(name)
                return index
        fail()

    for long, short in (('F', 'Y-%m-%d'), ('T', 'H:%M:%S'), ('R', 'H:%M'), ('D', 'm/%d/%y')):
        format = format.replace('%' + long, '%' + short)
    while i < len(format):
        c = format[i]
        if c.isspace():
            while i < len(format) and format[i].isspace():
                i += 1
            n = at
            while at < len(text) and text[at].isspace():
                at += 1
            if n == at and n < len(text):
                fail()
            continue
        if c != '%':
            if text[at:at + 1] != c:
                fail()
            at += 1
            i += 1
            continue
        i += 1
        c = format[i:i + 1]
        if c == 'Y': v['Y'] = number(4)
        elif c == 'y':
            n = number(2)
            v['Y'] = n + (2000 if n < 69 else 1900)
        elif c in 'mdHMS' and c: v[c] = number(2)
        elif c == 'I': v['H'] = number(2)
        elif c == 'p': half = word(['AM', 'PM'])
        elif c == 'B': v['m'] = word(_months) + 1
        elif c == 'b' or c == 'h': v['m'] = word([m[:3] for m in _months]) + 1
        elif c == 'A': word(_days)
        elif c == 'a': word([d[:3] for d in _days])
        elif c == 'j':
            day = date.fromordinal(date(v['Y'], 1, 1).toordinal() + number(3) - 1)
            v['m'], v['d'] = day.month, day.day
        elif c == 'f':
            n = at
            v['f'] = number(6)
            v['f'] = v['f'] * 10 ** (6 - (at - n))
        elif c == 'z':
            if text[at:at + 1] == 'Z':
                at += 1
                zone = timezone.utc
            else:
                sign = text[at:at + 1]
                if sign != '+' and sign != '-':
                    fail()
                at += 1
                hours = number(2)
                if text[at:at + 1] == ':':
                    at += 1
                minutes = number(2)
                zone = timezone(timedelta(minutes=(hours * 60 + minutes) * (-1 if sign == '-' else 1)))
        elif c == '%':
            if text[at:at + 1] != '%':
                fail()
            at += 1
        else:
            raise ValueError('this interpreter does not read %' + c)
        i += 1
    if at < len(text):
        raise ValueError('unconverted data remains: ' + text[at:])
    if half is not None:
        v['H'] = v['H'] % 12 + 12 * half
    return datetime(v['Y'], v['m'], v['d'], v['H'], v['M'], v['S'], v['f'], zone)

datetime.strftime = _strftime
date.strftime = _strftime
time.strftime = _clock
datetime.strptime = staticmethod(_strptime)
datetime.__format__ = lambda self, spec: self.strftime(spec) if spec else str(self)
UTC = timezone.utc

def _span(self):
    seconds = self.total_seconds()
    whole = int(seconds // 1)
    us = round((seconds - whole) * 1000000)
    days, rest = whole // 86400, whole % 86400
    text = str(rest // 3600) + ':' + _two(rest // 60 % 60) + ':' + _two(rest % 60) + ('.' + _two(us, 6) if us else '')
    return text if days == 0 else str(days) + (' day, ' if abs(days) == 1 else ' days, ') + text

def _named(self):
    parts = [self.year, self.month, self.day, self.hour, self.minute]
    if self.second or self.microsecond:
        parts.append(self.second)
    if self.microsecond:
        parts.append(self.microsecond)
    zone = '' if self.tzinfo is None else ', tzinfo=' + repr(self.tzinfo)
    return 'datetime.datetime(' + ', '.join([str(p) for p in parts]) + zone + ')'

timedelta.__str__ = _span
datetime.__repr__ = _named
`;

const TIME = String.raw`
from time import time, time_ns, sleep
import time as _t
${DATES}
class struct_time:
    def __init__(self, values):
        self._values = tuple(values)
        (self.tm_year, self.tm_mon, self.tm_mday, self.tm_hour, self.tm_min, self.tm_sec, self.tm_wday, self.tm_yday) = self._values[:8]
        self.tm_isdst = 0

    def __iter__(self):
        return iter(self._values + (0,))

    def __getitem__(self, i):
        return (self._values + (0,))[i]

    def __len__(self):
        return 9

def gmtime(seconds=None):
    return struct_time(_t.gmtime(int(time() if seconds is None else seconds)))

localtime = gmtime

def mktime(t):
    return float(_t.mktime(tuple(t)[:8]))

def strftime(format, t=None):
    y, mo, d, h, mi, s, wd, yd = tuple(gmtime() if t is None else t)[:8]
    return _format(format, y, mo, d, h, mi, s, wd, yd, 0, 'UTC', '+0000')

def perf_counter():
    return time()

monotonic = perf_counter
process_time = perf_counter
timezone = 0
tzname = ('UTC', 'UTC')
`;

/** Sources by the name under which Python imports them; the others are MicroPython's own. */
export const PYTHON_SOURCES: ReadonlyMap<string, string> = new Map([
  ['__future__', 'annotations = None'],
  ['base64', BASE64],
  ['collections', COLLECTIONS],
  ['collections.abc', TYPING],
  ['copy', COPY],
  ['datetime', DATETIME],
  ['functools', FUNCTOOLS],
  ['html', HTML],
  ['itertools', ITERTOOLS],
  ['json', JSON_MODULE],
  ['math', MATH],
  ['operator', OPERATOR],
  ['random', RANDOM],
  ['re', RE_MODULE],
  ['string', STRING],
  ['time', TIME],
  ['typing', TYPING],
  ['urllib.parse', URL],
]);
