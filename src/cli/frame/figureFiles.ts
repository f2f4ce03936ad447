import type { RunRecord } from '../../problem/record.ts';
import type { Figure } from '../../figures/drawing/figure.ts';
import { imageFormats, openImageMaker, type ImageFormat, type ImageMaker } from '../../images/images.ts';
import type { FigureSettings } from './figureOptions.ts';

type Settings = Pick<FigureSettings, 'formats' | 'widths' | 'resolution' | 'fontSize'>;

/** Images that settings ask for, in the order in which they are known. */
export const imagesOf = ({ formats }: Pick<Settings, 'formats'>): readonly ImageFormat[] =>
  imageFormats.filter((format) => formats.includes(format));

/** True for the formats in which a figure is drawn: pages and images. */
export const isFigureFormat = (format: string): boolean =>
  format === 'html' || imageFormats.some((image) => image === format);

/** Names of the images of a figure. */
export function imageNames(name: string, settings: Settings): string[] {
  return imagesOf(settings).flatMap((format) =>
    settings.widths.map(({ suffix }) => `${name}${suffix}.${format}`),
  );
}

/** The images of a figure, by the names of their files. */
export async function imageFiles(
  maker: ImageMaker,
  name: string,
  figure: Figure,
  settings: Settings,
  record: RunRecord,
): Promise<Record<string, string | Uint8Array>> {
  const formats = imagesOf(settings);
  const { resolution, fontSize } = settings;
  const files: Record<string, string | Uint8Array> = {};
  for (const { width, suffix } of settings.widths) {
    const made = await maker.draw(figure, { width, formats, record, resolution, fontSize });
    for (const format of formats) files[`${name}${suffix}.${format}`] = made[format]!;
  }
  return files;
}

/** The browser that images need: none for settings without images, or the reason why there is none. */
export async function openMaker(
  settings: Pick<Settings, 'formats'>,
): Promise<{ readonly maker: ImageMaker | null; readonly missing: string | null }> {
  if (imagesOf(settings).length === 0) return { maker: null, missing: null };
  const opened = await openImageMaker();
  return 'draw' in opened ? { maker: opened, missing: null } : { maker: null, missing: opened.missing };
}
