(* The orthogonal projection on the span of rows: symmetric, idempotent, its trace the dimension. *)
From EM Require Import Prelude Vectors.

Theorem projection (R : realType) (n d : nat) (V : 'M[R]_(n, d)) :
  exists P : 'M[R]_d, [/\ P^T = P, P *m P = P, forall x : 'cV[R]_d, (x^T <= V)%MS -> P *m x = x & \tr P = (\rank V)%:R].
Proof.
move: (row_base_free V) (eq_row_base V); move: (row_base V) => B Bf eB; pose C := B *m B^T.
have Ci : C \in unitmx.
  rewrite -row_free_unit -kermx_eq0; apply/rowV0P => z /sub_kermxP zC.
  have zB : z *m B = 0.
    apply: (can_inj trmxK); apply/eqP; rewrite trmx0 -dot_eq0 dotE trmxK.
    by rewrite trmx_mul -mulmxA [B *m (_ *m _)]mulmxA mulmxA -/C zC mul0mx mxE.
  apply: (row_free_inj Bf); rewrite /= mul0mx; exact: zB.
have Cs : C^T = C by rewrite /C trmx_mul trmxK.
exists (B^T *m invmx C *m B); split.
- by rewrite !trmx_mul trmxK trmx_inv Cs mulmxA.
- by rewrite -!mulmxA [B *m (_ *m _)]mulmxA -/C [C *m (_ *m _)]mulmxA mulmxV// mul1mx.
- move=> x; rewrite -eB => /submxP[y xy].
  have -> : x = B^T *m y^T by rewrite -trmx_mul -xy trmxK.
  by rewrite -!mulmxA [B *m (_ *m _)]mulmxA -/C [invmx C *m (_ *m _)]mulmxA mulVmx// mul1mx.
- by rewrite -mulmxA mxtrace_mulC -mulmxA -/C mulVmx// mxtrace1.
Qed.
