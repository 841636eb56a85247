// Points on a canvas, drawn by WebGL: 50,000 of them move with the pointer.
// places: Float32Array of x, y within [-1, 1]; colours: Uint8Array, an entry of the palette each.
class Points {
  constructor(canvas) {
    this.canvas = canvas;
    this.gl = canvas.getContext("webgl", { antialias: false });
    this.view = { x: 0, y: 0, zoom: 1 };
    this.count = 0;
    this.moved = () => {};
    if (this.gl) this.prepare();
    new ResizeObserver(() => this.draw()).observe(canvas);
  }

  prepare() {
    const { gl } = this;
    const compile = (kind, source) => {
      const shader = gl.createShader(kind);
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      return shader;
    };
    const program = gl.createProgram();
    gl.attachShader(program, compile(gl.VERTEX_SHADER, `
      attribute vec2 from; attribute vec2 to; attribute vec4 colour; attribute float weight;
      uniform vec2 scale; uniform vec2 middle; uniform float size; uniform float share;
      varying vec4 shade; varying float diameter;
      void main() {
        gl_Position = vec4((mix(from, to, share) - middle) * scale, 0.0, 1.0);
        gl_PointSize = diameter = size * weight;
        shade = colour;
      }`));
    gl.attachShader(program, compile(gl.FRAGMENT_SHADER, `
      precision mediump float;
      varying vec4 shade; varying float diameter;
      void main() {
        float edge = clamp((0.5 - length(gl_PointCoord - 0.5)) * diameter, 0.0, 1.0);
        gl_FragColor = vec4(shade.rgb, 1.0) * (shade.a * edge);
      }`));
    gl.linkProgram(program);
    gl.useProgram(program);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    this.uniforms = Object.fromEntries(
      ["scale", "middle", "size", "share"].map((name) => [name, gl.getUniformLocation(program, name)]));
    this.buffers = {};
    for (const [name, size, kind] of [["from", 2, gl.FLOAT], ["to", 2, gl.FLOAT],
      ["colour", 4, gl.UNSIGNED_BYTE], ["weight", 1, gl.FLOAT]]) {
      const at = gl.getAttribLocation(program, name);
      this.buffers[name] = gl.createBuffer();
      gl.bindBuffer(gl.ARRAY_BUFFER, this.buffers[name]);
      gl.enableVertexAttribArray(at);
      gl.vertexAttribPointer(at, size, kind, kind === gl.UNSIGNED_BYTE, 0, 0);
    }
  }

  fill(name, data) {
    this.gl.bindBuffer(this.gl.ARRAY_BUFFER, this.buffers[name]);
    this.gl.bufferData(this.gl.ARRAY_BUFFER, data, this.gl.STATIC_DRAW);
  }

  // Where there are as many points as before, they glide to their new places.
  place(places) {
    const before = this.places?.length === places.length ? this.places : places;
    this.places = places;
    this.count = places.length / 2;
    this.fill("from", before);
    this.fill("to", places);
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const began = performance.now();
    const step = (now) => {
      this.share = calm || before === places ? 1 : Math.min((now - began) / 700, 1);
      this.draw();
      if (this.share < 1) requestAnimationFrame(step);
    };
    step(began);
  }

  // shades: Uint8Array of r, g, b, a; weights: Float32Array, the size of each point as a factor.
  paint(shades, weights) {
    this.fill("colour", shades);
    this.fill("weight", weights);
    this.draw();
  }

  get scale() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const unit = (Math.min(width, height) / 2) * 0.94 * this.view.zoom;
    return { x: unit / (width / 2 || 1), y: unit / (height / 2 || 1), unit };
  }

  draw() {
    cancelAnimationFrame(this.waiting);
    this.waiting = requestAnimationFrame(() => this.drawNow());
  }

  drawNow() {
    const { gl, canvas, view } = this;
    if (!gl || !this.count || !canvas.clientWidth) return;
    const ratio = Math.min(devicePixelRatio || 1, 2);
    const [width, height] = [canvas.clientWidth * ratio, canvas.clientHeight * ratio].map(Math.round);
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    gl.viewport(0, 0, width, height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    const crowd = Math.max(3, Math.min(9, 420 / Math.sqrt(this.count)));
    gl.uniform2f(this.uniforms.scale, this.scale.x, this.scale.y);
    gl.uniform2f(this.uniforms.middle, view.x, view.y);
    gl.uniform1f(this.uniforms.size, crowd * Math.sqrt(Math.sqrt(view.zoom)) * ratio);
    gl.uniform1f(this.uniforms.share, this.share ?? 1);
    gl.drawArrays(gl.POINTS, 0, this.count);
    this.drawn = (this.drawn ?? 0) + 1;
    this.moved();
  }

  // Where a place is on the canvas, in CSS pixels from its upper left corner; and back.
  pixel(x, y) {
    const { unit } = this.scale;
    const { clientWidth, clientHeight } = this.canvas;
    return [clientWidth / 2 + (x - this.view.x) * unit, clientHeight / 2 - (y - this.view.y) * unit];
  }

  point(left, top) {
    const { unit } = this.scale;
    const { clientWidth, clientHeight } = this.canvas;
    return [this.view.x + (left - clientWidth / 2) / unit, this.view.y - (top - clientHeight / 2) / unit];
  }

  nearest(left, top, within = 10) {
    const [x, y] = this.point(left, top);
    let best = -1;
    let least = (within / this.scale.unit) ** 2;
    for (let i = 0; i < this.count; i += 1) {
      const far = (this.places[2 * i] - x) ** 2 + (this.places[2 * i + 1] - y) ** 2;
      if (far < least && !this.hidden?.(i)) { best = i; least = far; }
    }
    return best;
  }

  pan(dx, dy) {
    const { unit } = this.scale;
    this.view.x = Math.max(-1.2, Math.min(1.2, this.view.x - dx / unit));
    this.view.y = Math.max(-1.2, Math.min(1.2, this.view.y + dy / unit));
    this.draw();
  }

  zoom(factor, left = this.canvas.clientWidth / 2, top = this.canvas.clientHeight / 2) {
    const before = this.point(left, top);
    this.view.zoom = Math.max(0.8, Math.min(60, this.view.zoom * factor));
    const after = this.point(left, top);
    this.view.x += before[0] - after[0];
    this.view.y += before[1] - after[1];
    this.draw();
  }

  show(x, y, zoom) {
    this.view = { x, y, zoom };
    this.draw();
  }
}
