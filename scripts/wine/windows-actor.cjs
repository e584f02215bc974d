// A program for Windows that shows windows as it is told: it takes one JSON file after the other from the folder named by its argument.
const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const koffi = require('koffi');

const user32 = koffi.load('user32.dll');
const declare = (library, prototype) => library.func(prototype);
const createWindow = declare(
  user32,
  'int64_t __stdcall CreateWindowExW(uint32_t ex, str16 name, str16 title, uint32_t style, int x, int y, int w, int h, int64_t parent, int64_t menu, int64_t module, void *data)',
);
const showWindow = declare(user32, 'int __stdcall ShowWindow(int64_t window, int how)');
const setPosition = declare(
  user32,
  'int __stdcall SetWindowPos(int64_t window, int64_t after, int x, int y, int w, int h, uint32_t flags)',
);
const setText = declare(user32, 'int __stdcall SetWindowTextW(int64_t window, str16 text)');
const setLayer = declare(user32, 'int __stdcall SetLayeredWindowAttributes(int64_t window, uint32_t key, uint8_t alpha, uint32_t flags)');
const setRegion = declare(user32, 'int __stdcall SetWindowRgn(int64_t window, int64_t region, int redraw)');
const ellipse = declare(koffi.load('gdi32.dll'), 'int64_t __stdcall CreateEllipticRgn(int a, int b, int c, int d)');
const destroy = declare(user32, 'int __stdcall DestroyWindow(int64_t window)');
const peek = declare(user32, 'int __stdcall PeekMessageW(void *message, int64_t window, uint32_t a, uint32_t b, uint32_t remove)');
const dispatch = declare(user32, 'int64_t __stdcall DispatchMessageW(void *message)');
const aware = declare(user32, 'int64_t __stdcall SetThreadDpiAwarenessContext(int64_t context)');

const [folder] = process.argv.slice(2);
const windows = new Map();
const HOW = { hide: 0, show: 5, minimise: 6, restore: 9 };

const actions = {
  open({ name, style = 0x10cf0000, ex = 0, x, y, width, height, title, owner }) {
    // STATIC: a class that is there without registering one.
    windows.set(name, createWindow(ex, 'STATIC', title, style, x, y, width, height, owner ? windows.get(owner) : 0, 0, 0, null));
  },
  move: ({ name, x, y, width, height }) => setPosition(windows.get(name), 0, x, y, width, height, 0x0014),
  raise: ({ name }) => setPosition(windows.get(name), 0, 0, 0, 0, 0, 0x0013),
  lower: ({ name }) => setPosition(windows.get(name), 1, 0, 0, 0, 0, 0x0013),
  show: ({ name, how }) => showWindow(windows.get(name), HOW[how]),
  retitle: ({ name, title }) => setText(windows.get(name), title),
  fade: ({ name, alpha }) => setLayer(windows.get(name), 0, alpha, 2),
  shape: ({ name, width, height }) => setRegion(windows.get(name), ellipse(0, 0, width, height), 1),
  close: ({ name }) => destroy(windows.get(name)),
  end: () => process.exit(0),
};

aware(-4) || aware(-3);
let done = 0;
const message = Buffer.alloc(64);
setInterval(() => {
  while (peek(message, 0, 0, 0, 1)) dispatch(message);
  const file = `${folder}/step-${done + 1}`;
  if (!existsSync(file)) return;
  const step = JSON.parse(readFileSync(file, 'utf8'));
  actions[step.action](step);
  done += 1;
  writeFileSync(`${folder}/done-${done}`, JSON.stringify(Object.fromEntries(windows)));
}, 5);
