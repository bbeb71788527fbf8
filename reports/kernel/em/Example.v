From EM Require Import Prelude NormalLine NormalVector Vectors Expectation Contraction Posteriors Central.

(* the hypotheses can be met: two components +theta, -theta with weights 3/4, 1/4, any d *)
Section two.
Variables (R : realType) (d : nat) (theta : 'cV[R]_d).
Definition U2 (j : 'I_2) : 'M[R]_d := if j == ord0 then 1%:M else - 1%:M.
Definition w2 (j : 'I_2) : R := if j == ord0 then 3 / 4 else 1 / 4.

Let U2_orth j : (U2 j)^T *m U2 j = 1%:M.
Proof.
rewrite /U2; case: ifP => _; first by rewrite trmx1 mul1mx.
have -> : (- 1%:M)^T = - 1%:M :> 'M[R]_d.
  by apply/matrixP => a b; rewrite !mxE eq_sym.
by rewrite mulNmx mul1mx opprK.
Qed.

Let w2_gt0 j : 0 < w2 j.
Proof. by rewrite /w2; case: ifP. Qed.

Let w2_sum : \sum_j w2 j = 1.
Proof.
rewrite big_ord_recl big_ord1 /w2/= -mulrDl.
have e : 3 + 1 = 4 :> R by rewrite natr1.
by rewrite e divff ?pnatr_eq0.
Qed.

Let A2 : \sum_j w2 j *: U2 j = (2^-1)%:M.
Proof.
rewrite big_ord_recl big_ord1 /w2 /U2/= scalerN -scalerBl -mulrBl scalemx1.
congr (_%:M); apply: (@mulIf _ 4); rewrite ?pnatr_eq0// divfK ?pnatr_eq0//.
have e4 : 4 = 2 * 2 :> R by rewrite -natrM.
have e3 : 3 - 1 = 2 :> R by rewrite -(natr1 2) addrK.
by rewrite e3 e4 mulrA mulVf ?mul1r ?pnatr_eq0.
Qed.

Theorem EM_two_converges n :
  let M := em_map U2 w2 (@Xg R d) (Eg R d) in
  dot (iter n M theta) (iter n M theta) <=
    ((1 - expR (- dot theta theta) * (4^-1)) ^+ n) ^+ 2 * dot theta theta.
Proof.
apply: (gauss_EM_converges_sharp U2_orth w2_gt0 w2_sum).
  by rewrite invr_ge0 ler0n/= invf_le1// ler1n.
move=> h; rewrite A2 mul_scalar_mx.
rewrite /dot mulr_sumr; apply: ler_sum => i _.
by rewrite !mxE mulrACA -invfM -natrM.
Qed.
End two.
