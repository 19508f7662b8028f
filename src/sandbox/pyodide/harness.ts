/** Python that closes Pyodide's ways out and gives the function that runs code: source and inputs in, a text of JSON out. */
export const PYODIDE_HARNESS: string = String.raw`
def _prepare():
    import sys, json, builtins, gc
    import collections, datetime, re
    closed = ('js', 'pyodide_js', 'pyodide', '_pyodide', '_pyodide_core', '_jsproxy', 'ctypes', '_ctypes', 'socket', '_socket', 'ssl', '_ssl',
              'select', '_posixsubprocess', 'subprocess', 'multiprocessing', 'webbrowser', 'micropip', 'gc', '_testcapi',
              '_testinternalcapi', '_xxsubinterpreters', '_interpreters', '_thread_', 'urllib.request', 'http.client')

    class Closed:
        def find_spec(self, name, path=None, target=None):
            root = name.split('.')[0]
            if name in closed or root in closed:
                raise ModuleNotFoundError("No module named " + repr(name), name=name)
            return None

    for name in list(sys.modules):
        if name in closed or name.split('.')[0] in closed:
            del sys.modules[name]
    # The finder of JavaScript's modules goes, too.
    sys.meta_path[:] = [Closed()] + [f for f in sys.meta_path if 'Js' not in type(f).__name__]
    dumps, loads, MemoryErr, ImportErr = json.dumps, json.loads, MemoryError, ImportError
    compile_, exec_ = compile, exec
    sys.setrecursionlimit(400)

    def place(error):
        line = 0
        t = error.__traceback__
        while t is not None:
            if t.tb_frame.f_code.co_filename == '<code>':
                line = t.tb_lineno
            t = t.tb_next
        if line == 0 and isinstance(error, SyntaxError):
            line = error.lineno or 0
        return line

    def run(source, inputs):
        space = {'__name__': '__main__', '__builtins__': builtins}
        try:
            exec_(compile_(source, '<code>', 'exec'), space)
            main = space.get('main')
            if main is None:
                raise NameError("name 'main' is not defined")
            return dumps({'result': dumps(main(**loads(inputs)), allow_nan=False)})
        except MemoryErr:
            space.clear()
            return '{"kind": "memory", "error": "MemoryError", "line": 0}'
        except BaseException as error:
            kind = 'import' if isinstance(error, ImportErr) else 'failed'
            words = type(error).__name__ + ': ' + str(error)
            return dumps({'kind': kind, 'error': words[:2000], 'line': place(error)})

    return run

_run = _prepare()
del _prepare
_run
`;
