/**
 * Images of figures, on Node with Chromium: {@link openImageMaker} draws a figure to SVG, PNG and PDF ({@link imageFormats}) as Plotly draws
 * it, at its size on paper ({@link imageWidths}); {@link plotlySource} is the text of Plotly for a page (figurePage of cfg-dmft/figures).
 */

export {
  imageFormats,
  imageWidths,
  openImageMaker,
  type ImageFormat,
  type ImageMaker,
  type ImageRequest,
  type Images,
  type ImageWidth,
  type PaperWidth,
} from './images.ts';
export { plotlySource } from './plotly.ts';
