/*
 * Python that runs before the owner's code: what MicroPython's built-in types lack or do otherwise than CPython's. Texts are handled by
 * the host (`host-functions.ts`), which knows Unicode.
 */

/** Name of the module of the host's functions, hidden from the owner's code by the end of the prelude. */
export const HOST_MODULE = '_host';

/** Name of the module that keeps the prelude's own functions. */
export const OWN_MODULE = '_sandbox';

/** Built-in functions, then methods of `str` and `list`, then how results leave. */
export const PRELUDE: string = String.raw`
def _prepare():
    import _host as h
    import sys, builtins, json as _json
    loads = _json.loads
    isinstance_, sorted_, str_, repr_, round_ = isinstance, sorted, str, repr, round
    containers = (list, tuple, dict, set, frozenset)

    def py_repr(x, *seen):
        t = type(x)
        if t is str:
            return h.repr(x)
        if t is list or t is tuple:
            if id(x) in seen:
                return '[...]' if t is list else '(...)'
            parts = [py_repr(i, id(x), *seen) for i in x]
            if t is list:
                return '[' + ', '.join(parts) + ']'
            return '(' + parts[0] + ',)' if len(parts) == 1 else '(' + ', '.join(parts) + ')'
        if t is dict:
            if id(x) in seen:
                return '{...}'
            return '{' + ', '.join([py_repr(k) + ': ' + py_repr(v, id(x), *seen) for k, v in x.items()]) + '}'
        if t is set:
            return '{' + ', '.join([py_repr(i) for i in x]) + '}' if x else 'set()'
        if isinstance_(x, BaseException):
            args = x.args
            return t.__name__ + '(' + ', '.join([py_repr(i) for i in args]) + ')'
        return repr_(x)

    def py_str(x='', *rest):
        if rest:
            return str_(x, *rest)
        t = type(x)
        if t is str or t is int or t is float or x is None or t is bool:
            return str_(x)
        if t is list or t is tuple or t is dict or t is set:
            return py_repr(x)
        if isinstance_(x, BaseException) and not (type(x) in users):
            args = x.args
            if len(args) == 1:
                return py_repr(args[0]) if t is KeyError else h.message(py_str(args[0]))
            if len(args) > 1:
                return py_repr(tuple(args))
        if isinstance_(x, dict) and hasattr(x, '__repr__'):
            return x.__repr__()
        return str_(x)

    class Users:
        def __contains__(self, t):
            return t.__name__ not in plain

    plain = set('Exception ArithmeticError AssertionError AttributeError EOFError ImportError IndexError KeyError LookupError NameError NotImplementedError OSError OverflowError RuntimeError StopIteration SyntaxError TypeError ValueError ZeroDivisionError JSONDecodeError'.split())
    users = Users()

    def py_format(x, spec):
        t = type(x)
        if hasattr(x, '__format__') and t is not str:
            return x.__format__(spec)
        if (t is float or t is int) and ',' in spec:
            return h.separate(spec.replace(',', ''), ('{:' + spec.replace(',', '') + '}').format(x))
        return ('{:' + spec + '}').format(x)

    def py_dict(*a, **k):
        if a and hasattr(a[0], 'items'):
            d = {}
            for key, value in a[0].items():
                d[key] = value
            d.update(k)
            return d
        return dict(*a, **k)

    def py_isinstance(x, t):
        if isinstance_(x, t):
            return True
        if x is True or x is False:
            return t is int or (type(t) is tuple and int in t)
        return False

    def merge_sort(items, key, reverse):
        # MicroPython's own sort is not stable.
        a = [(key(i) if key else i, i) for i in items]
        n = len(a)
        if reverse:
            a.reverse()
        width = 1
        while width < n:
            b = []
            for low in range(0, n, 2 * width):
                left, right = low, min(low + width, n)
                mid, high = right, min(low + 2 * width, n)
                while left < mid and right < high:
                    if a[right][0] < a[left][0]:
                        b.append(a[right])
                        right += 1
                    else:
                        b.append(a[left])
                        left += 1
                b.extend(a[left:mid])
                b.extend(a[right:high])
            a = b
            width *= 2
        if reverse:
            a.reverse()
        return [i for _, i in a]

    def py_sorted(items, *, key=None, reverse=False):
        return merge_sort(list(items), key, reverse)

    def py_round(x, n=None):
        if type(x) is float and n is not None and x - x == 0:
            return float(h.round(x, n))
        return round_(x) if n is None else round_(x, n)

    def py_sum(items, start=0):
        for i in items:
            start = start + i
        return start

    class Text:
        def lower(self): return h.lower(self)
        def upper(self): return h.upper(self)
        def casefold(self): return h.lower(self)
        def swapcase(self): return h.swapcase(self)
        def title(self): return h.title(self)
        def capitalize(self): return h.capitalize(self)
        def isalpha(self): return h.test(self, 'alpha')
        def isdigit(self): return h.test(self, 'digit')
        def isdecimal(self): return h.test(self, 'decimal')
        def isnumeric(self): return h.test(self, 'numeric')
        def isalnum(self): return h.test(self, 'alnum')
        def isspace(self): return h.test(self, 'space')
        def isascii(self): return len(self) == 0 or h.test(self, 'ascii')
        def isprintable(self): return len(self) == 0 or h.test(self, 'printable')
        def islower(self): return h.lower(self) == self and h.upper(self) != self
        def isupper(self): return h.upper(self) == self and h.lower(self) != self
        def istitle(self): return h.title(self) == self and h.lower(self) != h.upper(self)
        def strip(self, chars=None): return h.strip(self, chars, 3)
        def lstrip(self, chars=None): return h.strip(self, chars, 1)
        def rstrip(self, chars=None): return h.strip(self, chars, 2)
        def splitlines(self, keepends=False): return loads(h.splitlines(self, keepends))
        def split(self, sep=None, maxsplit=-1):
            if sep is None:
                return loads(h.split(self, maxsplit))
            return split_(self, sep, maxsplit)
        def rsplit(self, sep=None, maxsplit=-1):
            if sep is None:
                return loads(h.rsplit(self, maxsplit))
            return rsplit_(self, sep, maxsplit)
        def join(self, items):
            return join_(self, list(items))
        def zfill(self, width):
            n = width - len(self)
            if n <= 0:
                return self
            return self[0] + '0' * n + self[1:] if self and self[0] in '+-' else '0' * n + self
        def ljust(self, width, fill=' '): return self + fill * (width - len(self))
        def rjust(self, width, fill=' '): return fill * (width - len(self)) + self
        def center(self, width, fill=' '):
            n = width - len(self)
            if n <= 0:
                return self
            left = n // 2 + (n & width & 1)
            return fill * left + self + fill * (n - left)
        def expandtabs(self, tabsize=8): return h.expandtabs(self, tabsize)
        def removeprefix(self, prefix): return self[len(prefix):] if prefix and self.startswith(prefix) else self
        def removesuffix(self, suffix): return self[:len(self) - len(suffix)] if suffix and self.endswith(suffix) else self
        def format_map(self, mapping): return self.format(**mapping)
        def translate(self, table):
            out = []
            for c in self:
                r = table.get(ord(c), c)
                if r is not None:
                    out.append(chr(r) if type(r) is int else r)
            return ''.join(out)
        def _cut(self, a, b, c): return h.cut(self, a, b, c)

    def maketrans(a, b=None, c=''):
        if b is None:
            return {(ord(k) if type(k) is str else k): v for k, v in a.items()}
        d = {ord(k): ord(v) for k, v in zip(a, b)}
        for k in c:
            d[ord(k)] = None
        return d

    class List:
        def sort(self, *, key=None, reverse=False):
            self[:] = merge_sort(self, key, reverse)
        def _cut(self, a, b, c): return self[a:b:c]

    class Tuple:
        def _cut(self, a, b, c): return self[a:b:c]

    split_, rsplit_, join_ = str.split, str.rsplit, str.join
    Text.maketrans = staticmethod(maketrans)
    kept = []
    for t, more in ((str, Text), (list, List), (tuple, Tuple)):
        own = {}
        for name in dir(more):
            if not name.startswith('__'):
                own[name] = more.__dict__[name]
        kept.append(own)
        h.extend(id(t.__dict__), id(own))
    for name, f in (('sorted', py_sorted), ('round', py_round), ('isinstance', py_isinstance), ('sum', py_sum),
                    ('_py_str', py_str), ('_py_repr', py_repr), ('_py_format', py_format), ('_py_dict', py_dict)):
        setattr(builtins, name, f)

    class Module:
        def __init__(self, name):
            self.__name__ = name

    def install(name, source):
        given = {'h': h, 'py_repr': py_repr, 'py_str': py_str, 'loads': loads}
        space = {'__name__': name}
        space.update(given)
        exec(source, space)
        module = Module(name)
        for key in space:
            if key[0] != '_' and not (key in given and space[key] is given[key]):
                setattr(module, key, space[key])
        parent, _, child = name.rpartition('.')
        if parent:
            if parent not in sys.modules:
                sys.modules[parent] = Module(parent)
            setattr(sys.modules[parent], child, module)
        sys.modules[name] = module

    def encode(x, depth=0):
        if depth > 60:
            raise ValueError('the result is nested too deeply')
        t = type(x)
        if x is None:
            return 'null'
        if x is True:
            return 'true'
        if x is False:
            return 'false'
        if t is str:
            return h.quote(x, False)
        if t is int:
            return str_(x)
        if t is float:
            return repr_(x) if x - x == 0 else 'null'
        if isinstance_(x, dict):
            parts = []
            for k, v in x.items():
                if type(k) is not str:
                    k = 'true' if k is True else 'false' if k is False else 'null' if k is None else py_str(k)
                parts.append(h.quote(k, False) + ':' + encode(v, depth + 1))
            return '{' + ','.join(parts) + '}'
        if isinstance_(x, (list, tuple)):
            return '[' + ','.join([encode(i, depth + 1) for i in x]) + ']'
        raise TypeError('Object of type ' + t.__name__ + ' is not JSON serializable')

    def call(main):
        h.give(encode(main(**loads(h.inputs()))))

    own = Module('_sandbox')
    own.install, own.call, own.kept = install, call, kept
    sys.modules['_sandbox'] = own

_prepare()
del _prepare
`;
