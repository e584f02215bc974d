import fc from 'fast-check';
import { paintPlanes } from '../../../src/capture-page/masks/paint-planes';

const WORD = { width: 4, height: 2, ink: new Uint8Array(8).fill(255) };
const sizes = fc.record({ width: fc.integer({ min: 2, max: 21 }), height: fc.integer({ min: 2, max: 15 }), slack: fc.nat(3) });
const even = fc.nat(12).map((value) => value * 2);
const SECRET = 7;

describe.each(['I420', 'NV12'] as const)('%s pixels', (format) => {
  it('under an area are gone in every plane, and all others are as they were', () => {
    fc.assert(
      fc.property(sizes, even, even, even, even, ({ width, height, slack }, x, y, across, down) => {
        fc.pre(x <= width && y <= height);
        const half = { width: Math.ceil(width / 2), height: Math.ceil(height / 2) };
        const stride = width + slack;
        const chroma = (format === 'NV12' ? half.width * 2 : half.width) + slack;
        const planes = format === 'NV12' ? 1 : 2;
        const layout = [{ offset: 0, stride }, ...Array.from({ length: planes }, (_, plane) => ({ offset: stride * height + plane * chroma * half.height, stride: chroma }))]; // prettier-ignore
        const pixels = new Uint8Array(stride * height + planes * chroma * half.height).fill(SECRET);
        const area = { x, y, width: 0, height: 0 };
        area.width = Math.min(width, x + across) - area.x;
        area.height = Math.min(height, y + down) - area.y;
        paintPlanes({ format, pixels, layout }, { width, height }, [area], WORD);
        const wrong: string[] = [];
        const check = (plane: number, scale: number, bytes: number): void => {
          for (let row = 0; row < Math.ceil(height / scale); row += 1) {
            for (let column = 0; column < Math.ceil(width / scale); column += 1) {
              const isIn =
                column * scale >= area.x &&
                column * scale < area.x + area.width &&
                row * scale >= area.y &&
                row * scale < area.y + area.height;
              for (let byte = 0; byte < bytes; byte += 1) {
                const value = pixels[layout[plane]!.offset + row * layout[plane]!.stride + column * bytes + byte];
                if ((value === SECRET) === isIn) wrong.push(`${plane}: ${column},${row}`);
              }
            }
          }
        };
        check(0, 1, 1);
        for (let plane = 1; plane <= planes; plane += 1) check(plane, 2, format === 'NV12' ? 2 : 1);
        expect(wrong).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
