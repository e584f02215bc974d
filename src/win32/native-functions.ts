/** A function of a system library: numbers, buffers and `null` in, a number out. A handle is a number too: Windows uses 32 bits of it. */
export type NativeCall = (...args: readonly unknown[]) => number;

/** In C, as koffi reads them. */
const FUNCTIONS = {
  user32: [
    'int64_t SetThreadDpiAwarenessContext(int64_t context)',
    'int64_t OpenInputDesktop(uint32_t flags, int inherits, uint32_t access)',
    'int CloseDesktop(int64_t desktop)',
    'int64_t GetThreadDesktop(uint32_t thread)',
    'int GetUserObjectInformationW(int64_t object, int index, void *text, uint32_t bytes, void *needed)',
    'int EnumDisplayMonitors(int64_t context, void *clip, SrsMonitorFound *found, int64_t data)',
    'int GetMonitorInfoW(int64_t monitor, void *info)',
    'int EnumWindows(SrsWindowFound *found, int64_t data)',
    'int64_t FindWindowExW(int64_t parent, int64_t after, void *className, void *title)',
    'int IsWindow(int64_t window)',
    'int IsWindowVisible(int64_t window)',
    'int IsIconic(int64_t window)',
    'int GetWindowRect(int64_t window, void *area)',
    'int GetWindowRgnBox(int64_t window, void *area)',
    'int64_t GetWindowLongPtrW(int64_t window, int index)',
    'int64_t GetWindow(int64_t window, uint32_t relation)',
    'int64_t GetAncestor(int64_t window, uint32_t kind)',
    'uint32_t GetWindowThreadProcessId(int64_t window, void *process)',
    'uint32_t GetDpiForWindow(int64_t window)',
    'int GetClassNameW(int64_t window, void *text, int letters)',
    'int InternalGetWindowText(int64_t window, void *text, int letters)',
    'int PeekMessageW(void *message, int64_t window, uint32_t first, uint32_t last, uint32_t remove)',
    'int64_t DispatchMessageW(void *message)',
    'int64_t SetWinEventHook(uint32_t first, uint32_t last, int64_t module, SrsEventSeen *seen, uint32_t process, uint32_t thread, uint32_t flags)',
  ],
  kernel32: [
    'uint32_t GetCurrentThreadId()',
    'int64_t OpenProcess(uint32_t access, int inherits, uint32_t process)',
    'int QueryFullProcessImageNameW(int64_t process, uint32_t flags, void *text, void *letters)',
    'int CloseHandle(int64_t handle)',
  ],
  dwmapi: ['int32_t DwmGetWindowAttribute(int64_t window, uint32_t attribute, void *value, uint32_t bytes)'],
} as const;

const CALLBACKS = [
  'int __stdcall SrsMonitorFound(int64_t monitor, int64_t context, int64_t area, int64_t data)',
  'int __stdcall SrsWindowFound(int64_t window, int64_t data)',
  'void __stdcall SrsEventSeen(int64_t hook, uint32_t event, int64_t window, int32_t object, int32_t child, uint32_t thread, uint32_t time)',
];

/** Not in every Windows, and documented in none: whose ghost a window is. */
const GHOST = 'int64_t __stdcall HungWindowFromGhostWindow(int64_t window)';

export interface NativeFunctions {
  /** By its C name. Throws for one that is not declared. */
  call(name: string, ...args: readonly unknown[]): number;
  readonly ghostOf: NativeCall | undefined;
  /** For a function that is called later too. @param type such as `SrsEventSeen` */
  register(type: string, callback: (...args: readonly number[]) => number | undefined): unknown;
}

/** Rejects where Windows, or koffi's binary, lacks one of them. */
export async function loadNativeFunctions(): Promise<NativeFunctions> {
  const koffi = await import('koffi');
  for (const callback of CALLBACKS) koffi.proto(callback);
  const calls = new Map<string, NativeCall>();
  for (const [library, prototypes] of Object.entries(FUNCTIONS)) {
    const loaded = koffi.load(`${library}.dll`);
    for (const prototype of prototypes) calls.set(nameOf(prototype), loaded.func(prototype.replace(/ (?=\w+\()/, ' __stdcall ')));
  }
  return {
    call: (name, ...args) => {
      const call = calls.get(name);
      if (call === undefined) throw new Error(`${name} is not declared`);
      return Number(call(...args));
    },
    ghostOf: loadIfThere(() => koffi.load('user32.dll').func(GHOST)),
    register: (type, callback) => koffi.register(callback, koffi.pointer(type)),
  };
}

function loadIfThere(load: () => NativeCall): NativeCall | undefined {
  try {
    return load();
  } catch {
    return undefined; // then a ghost is a window of which nothing is known
  }
}

function nameOf(prototype: string): string {
  return /(\w+)\(/.exec(prototype)?.[1] ?? prototype;
}
