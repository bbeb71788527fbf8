(* Column vectors over the reals: the scalar product and the norm. *)
From EM Require Import Prelude.

Section vectors.
Variables (R : realType) (d : nat).
Implicit Types x y h : 'cV[R]_d.

Definition dot (x y : 'cV[R]_d) : R := \sum_i x i 0 * y i 0.

Lemma dotE (x y : 'cV[R]_d) : dot x y = (x^T *m y) 0 0.
Proof. by rewrite mxE; apply: eq_bigr => i _; rewrite mxE. Qed.

Lemma dot_ge0 (x : 'cV[R]_d) : 0 <= dot x x.
Proof. by apply: sumr_ge0 => i _; rewrite -expr2 sqr_ge0. Qed.

Lemma dotC (x y : 'cV[R]_d) : dot x y = dot y x.
Proof. by apply: eq_bigr => i _; rewrite mulrC. Qed.

Lemma dotBr (x y z : 'cV[R]_d) : dot x (y - z) = dot x y - dot x z.
Proof. by rewrite /dot -sumrB; apply: eq_bigr => i _; rewrite !mxE mulrBr. Qed.

Lemma dotBl (x y z : 'cV[R]_d) : dot (y - z) x = dot y x - dot z x.
Proof. by rewrite dotC dotBr ![dot x _]dotC. Qed.

Lemma dotDr (x y z : 'cV[R]_d) : dot x (y + z) = dot x y + dot x z.
Proof. by rewrite /dot -big_split/=; apply: eq_bigr => i _; rewrite !mxE mulrDr. Qed.

Lemma dotDl (x y z : 'cV[R]_d) : dot (y + z) x = dot y x + dot z x.
Proof. by rewrite dotC dotDr ![dot x _]dotC. Qed.


Lemma dotZl s x y : dot (s *: x) y = s * dot x y.
Proof. by rewrite /dot mulr_sumr; apply: eq_bigr => i _; rewrite mxE mulrA. Qed.

Lemma dotZr s x y : dot x (s *: y) = s * dot x y.
Proof. by rewrite dotC dotZl dotC. Qed.

Lemma dot0l x : dot 0 x = 0.
Proof. by rewrite /dot big1// => i _; rewrite mxE mul0r. Qed.

Lemma dot_eq0 x : (dot x x == 0) = (x == 0).
Proof.
apply/eqP/eqP => [h|->]; last exact: dot0l.
apply/colP => i; rewrite mxE; apply/eqP; rewrite -sqrf_eq0 expr2.
move/eqP: h; rewrite psumr_eq0; last by move=> j _; rewrite -expr2 sqr_ge0.
by move/allP => /(_ i (mem_index_enum _)) /eqP ->.
Qed.

Lemma cauchy_schwarz_dot x y : dot x y ^+ 2 <= dot x x * dot y y.
Proof.
have [y0|yn] := eqVneq (dot y y) 0.
  move/eqP: (y0); rewrite dot_eq0 => /eqP ->.
  by rewrite dotC dot0l expr0n/= dot0l mulr0.
have yp : 0 < dot y y by rewrite lt_def yn dot_ge0.
have := dot_ge0 (dot y y *: x - dot x y *: y).
rewrite dotBl !dotBr !dotZl !dotZr [dot y x]dotC => h.
have {}h : 0 <= dot y y * (dot x x * dot y y - dot x y ^+ 2) by apply: le_trans h _; rewrite le_eqVlt; apply/orP; left; apply/eqP; ring.
by rewrite pmulr_rge0// subr_ge0 in h.
Qed.

Definition norm x : R := Num.sqrt (dot x x).

Lemma norm_ge0 x : 0 <= norm x. Proof. exact: sqrtr_ge0. Qed.

Lemma sqr_norm x : norm x ^+ 2 = dot x x.
Proof. by rewrite sqr_sqrtr// dot_ge0. Qed.

Lemma dot_le_norm x y : `|dot x y| <= norm x * norm y.
Proof.
rewrite /norm -sqrtrM ?dot_ge0// -sqrtr_sqr ler_wsqrtr//; exact: cauchy_schwarz_dot.
Qed.

Lemma norm_triangle x y : norm (x + y) <= norm x + norm y.
Proof.
rewrite -(@ler_pXn2r _ 2)// ?nnegrE ?addr_ge0 ?norm_ge0// sqrrD !sqr_norm dotDl !dotDr [dot y x]dotC.
have := dot_le_norm x y; rewrite ler_norml => /andP[_].
by move: (dot x x) (dot y y) (dot x y) (norm x) (norm y) => *; lra.
Qed.

Lemma dot_sumr n (x : 'cV[R]_d) (F : 'I_n -> 'cV[R]_d) : dot x (\sum_j F j) = \sum_j dot x (F j).
Proof.
elim/big_rec2: _ => [|j a b _ <-]; first by rewrite dotC dot0l.
by rewrite dotDr.
Qed.

End vectors.

Lemma mulmx_bounded (R : realType) (d q : nat) (Q : 'M[R]_(d, q)) :
  exists2 K, 0 <= K & forall x, norm (Q *m x) <= K * norm x.
Proof.
pose r a : 'cV[R]_q := (row a Q)^T; pose K2 := \sum_a dot (r a) (r a).
have K0 : 0 <= K2 by apply: sumr_ge0 => a _; exact: dot_ge0.
exists (Num.sqrt K2); first exact: sqrtr_ge0.
move=> x; rewrite /norm -sqrtrM// ler_wsqrtr// mulr_suml; apply: ler_sum => a _.
have -> : (Q *m x) a 0 = dot (r a) x by rewrite mxE; apply: eq_bigr => i _; rewrite !mxE.
by rewrite -expr2; exact: cauchy_schwarz_dot.
Qed.

