// What a renderer of Leaflet has besides its public members (leaflet 1.9.4, src/layer/vector/Renderer.js).
import "leaflet";

declare module "leaflet" {
  interface Renderer {
    _container: HTMLElement | undefined;
    _bounds: Bounds | undefined;
    _update(): void;
  }
  interface Map {
    _animatingZoom?: boolean;
  }
}
