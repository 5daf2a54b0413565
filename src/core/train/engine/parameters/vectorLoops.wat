;; Loops over vectors of single-precision numbers, four at a time. A vector is a place in the memory, in bytes, at a
;; multiple of 16; `end` is where the first one ends, at a multiple of 16 from where it begins.
;; vectorLoops.ts is made of this by `node scripts/vectorLoops.mjs`.
(module
  (import "env" "memory" (memory 1))

  ;; AdamW (Loshchilov & Hutter 2019), with the constants of adamWStep in adamW.ts:
  ;; g = scale·gradient, m = beta1·m + rest1·g, v = beta2·v + rest2·g², w = w - (lost·w + step·m / (√v + epsilon))
  ;; `lost` is 1 - keep, which single precision can tell from 0.
  (func (export "moveWeights")
    (param $weight i32) (param $mean i32) (param $variance i32) (param $gradient i32) (param $end i32)
    (param $beta1 f32) (param $rest1 f32) (param $beta2 f32) (param $rest2 f32)
    (param $step f32) (param $epsilon f32) (param $lost f32) (param $scale f32)
    (local $g v128) (local $m v128) (local $v v128) (local $w v128)
    (loop $next
      (local.set $g (f32x4.mul (v128.load (local.get $gradient)) (f32x4.splat (local.get $scale))))
      (local.set $m (f32x4.add
        (f32x4.mul (v128.load (local.get $mean)) (f32x4.splat (local.get $beta1)))
        (f32x4.mul (local.get $g) (f32x4.splat (local.get $rest1)))))
      (local.set $v (f32x4.add
        (f32x4.mul (v128.load (local.get $variance)) (f32x4.splat (local.get $beta2)))
        (f32x4.mul (f32x4.mul (local.get $g) (local.get $g)) (f32x4.splat (local.get $rest2)))))
      (v128.store (local.get $mean) (local.get $m))
      (v128.store (local.get $variance) (local.get $v))
      (local.set $w (v128.load (local.get $weight)))
      (v128.store (local.get $weight) (f32x4.sub (local.get $w) (f32x4.add
        (f32x4.mul (local.get $w) (f32x4.splat (local.get $lost)))
        (f32x4.div
          (f32x4.mul (local.get $m) (f32x4.splat (local.get $step)))
          (f32x4.add (f32x4.sqrt (local.get $v)) (f32x4.splat (local.get $epsilon)))))))
      (local.set $mean (i32.add (local.get $mean) (i32.const 16)))
      (local.set $variance (i32.add (local.get $variance) (i32.const 16)))
      (local.set $gradient (i32.add (local.get $gradient) (i32.const 16)))
      (local.set $weight (i32.add (local.get $weight) (i32.const 16)))
      (br_if $next (i32.ne (local.get $weight) (local.get $end)))))

  ;; average = weight + decay·(average - weight)
  (func (export "moveAverage") (param $average i32) (param $weight i32) (param $end i32) (param $decay f32)
    (local $w v128)
    (loop $next
      (local.set $w (v128.load (local.get $weight)))
      (v128.store (local.get $average) (f32x4.add
        (local.get $w)
        (f32x4.mul (f32x4.splat (local.get $decay)) (f32x4.sub (v128.load (local.get $average)) (local.get $w)))))
      (local.set $weight (i32.add (local.get $weight) (i32.const 16)))
      (local.set $average (i32.add (local.get $average) (i32.const 16)))
      (br_if $next (i32.ne (local.get $average) (local.get $end)))))

  ;; sum = sum + values
  (func (export "addInto") (param $sum i32) (param $values i32) (param $end i32)
    (loop $next
      (v128.store (local.get $sum) (f32x4.add (v128.load (local.get $sum)) (v128.load (local.get $values))))
      (local.set $values (i32.add (local.get $values) (i32.const 16)))
      (local.set $sum (i32.add (local.get $sum) (i32.const 16)))
      (br_if $next (i32.ne (local.get $sum) (local.get $end)))))

  ;; Σ values², in double precision
  (func (export "squaredNorm") (param $values i32) (param $end i32) (result f64)
    (local $x v128) (local $low v128) (local $high v128) (local $even v128) (local $odd v128)
    (loop $next
      (local.set $x (v128.load (local.get $values)))
      (local.set $low (f64x2.promote_low_f32x4 (local.get $x)))
      (local.set $high (f64x2.promote_low_f32x4
        (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $x) (local.get $x))))
      (local.set $even (f64x2.add (local.get $even) (f64x2.mul (local.get $low) (local.get $low))))
      (local.set $odd (f64x2.add (local.get $odd) (f64x2.mul (local.get $high) (local.get $high))))
      (local.set $values (i32.add (local.get $values) (i32.const 16)))
      (br_if $next (i32.ne (local.get $values) (local.get $end))))
    (local.set $even (f64x2.add (local.get $even) (local.get $odd)))
    (f64.add (f64x2.extract_lane 0 (local.get $even)) (f64x2.extract_lane 1 (local.get $even)))))
