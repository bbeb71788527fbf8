(* Gradient descent on the likelihood with any step between 0 and 2: from every start, with any weights. *)
From EM Require Import Prelude NormalLine NormalVector Vectors Projection Expectation Contraction Posteriors Central Likelihood Densities Tying Tied Rays.

Section gradient_steps.
Variables (R : realType) (d k : nat).
Variables (U : 'I_k -> 'M[R]_d) (w : 'I_k -> R).
Hypothesis U_orth : forall j, (U j)^T *m U j = 1%:M.
Hypothesis w_gt0 : forall j, 0 < w j.
Hypothesis w_sum : \sum_j w j = 1.
Notation B := (Bmx U w (@Xg R d) (Eg R d)).
Notation A := (\sum_j w j *: U j).
Variable s : R.
Hypothesis s_gt0 : 0 < s.
Hypothesis s_lt2 : s < 2.
Definition gradient_step (theta : 'cV[R]_d) := theta - s *: (B theta *m theta).

Let B_sqr_le theta : dot (B theta *m theta) (B theta *m theta) <= dot theta (B theta *m theta).
Proof. exact: (Bmx_sqr_le U_orth w_gt0 w_sum (L_post2 U w_gt0 w_sum)). Qed.

Let s2_gt0 : 0 < s * (2 - s). Proof. by rewrite mulr_gt0// subr_gt0. Qed.

Lemma step_decrease theta : dot (gradient_step theta) (gradient_step theta) <=
  dot theta theta - s * (2 - s) * dot theta (B theta *m theta).
Proof.
have h := ler_wpM2l (sqr_ge0 s) (B_sqr_le theta).
rewrite /gradient_step dotBl !dotBr !dotZl !dotZr [dot (B theta *m theta) theta]dotC.
by move: (dot (B theta *m theta) _) (dot theta (B theta *m theta)) (dot theta theta) h => b f q h; lra.
Qed.

Let B_ge0 theta : 0 <= dot theta (B theta *m theta).
Proof. by have /andP[] := gauss_B_psd U_orth w_gt0 w_sum theta theta. Qed.

Lemma step_nonexpansive theta : dot (gradient_step theta) (gradient_step theta) <= dot theta theta.
Proof. by apply: le_trans (step_decrease theta) _; rewrite gerBl mulr_ge0// ltW. Qed.

Let q theta n := dot (iter n gradient_step theta) (iter n gradient_step theta).

Lemma steps_in_ball theta n : q theta n <= dot theta theta.
Proof. by elim: n => [|n IH] //; apply: le_trans IH; rewrite /q iterS; exact: step_nonexpansive. Qed.

Let next_step_le (x y q0 c n : R) : 0 <= x -> 0 <= y -> 0 <= q0 -> 0 < c -> y <= x - c * x ^+ 2 ->
  x * (1 + c * n * q0) <= q0 -> y * (1 + c * (n + 1) * q0) <= q0.
Proof.
move=> x0 y0 q00 c0 fall h; have cx := mulr_ge0 (ltW c0) x0; have D0 : 0 < 1 + c * x by rewrite ltr_wpDr.
have [n0|n0] := leP 0 (1 + c * (n + 1) * q0); last first.
  by apply: le_trans q00; rewrite mulr_ge0_le0// ltW.
rewrite -(ler_pM2l D0); have h1 : (1 + c * x) * y <= x.
  apply: le_trans (ler_wpM2l (ltW D0) fall) _; rewrite -subr_ge0.
  have -> : x - (1 + c * x) * (x - c * x ^+ 2) = (c * x) ^+ 2 * x by ring.
  by rewrite mulr_ge0 ?sqr_ge0.
rewrite mulrA; apply: le_trans (ler_wpM2r n0 h1) _; rewrite -subr_ge0.
have -> : (1 + c * x) * q0 - x * (1 + c * (n + 1) * q0) = q0 - x * (1 + c * n * q0) by ring.
by rewrite subr_ge0.
Qed.

(* with any weights: |theta_n|^2 <= |theta_0|^2/(1 + c n |theta_0|^2) *)
Theorem steps_sublinear (theta : 'cV[R]_d) (D : R) n : 0 < D ->
  (forall eta : 'cV[R]_d, exists (m : nat) (V : 'M[R]_(m, d)),
    (forall i j, ((U i *m eta - U j *m eta)^T <= V)%MS) /\ (\rank V)%:R <= D) ->
  q theta n * (1 + s * (2 - s) / (D + 2 * dot theta theta) * n%:R * dot theta theta) <= dot theta theta.
Proof.
move=> D0 span; set q0 := dot theta theta; set c := s * (2 - s) / (D + 2 * q0).
have q00 : 0 <= q0 := dot_ge0 theta.
have D1 : 0 < D + 2 * q0 by rewrite ltr_wpDr// mulr_ge0.
have c0 : 0 < c by rewrite divr_gt0.
elim: n => [|n IH]; first by rewrite mulr0 mul0r addr0 mulr1.
set x := q theta n in IH; set y := q theta n.+1.
have x0 : 0 <= x := dot_ge0 _; have y0 : 0 <= y := dot_ge0 _.
have xq : x <= q0 := steps_in_ball theta n.
set eta := iter n gradient_step theta; set f := dot eta (B eta *m eta).
have low : x ^+ 2 <= (D + 2 * q0) * f.
  have [m [V [hV rV]]] := span eta; have [P [P1 P2 P3 P4]] := projection V.
  have h : x ^+ 2 <= (D + 2 * x) * f.
    have := tied_lower w_gt0 w_sum P1 P2 (fun i j => P3 _ (hV i j)) D0 _; rewrite P4 => /(_ rV).
    rewrite (orthogonal_spent U_orth w_gt0 w_sum) -/x.
    have -> : dot eta (tied_gradient U w eta) = f; last by [].
    rewrite (tied_identity U w_gt0 w_sum) /f.
    have [-> _] := Bmx_quad (L_post2 U w_gt0 w_sum) eta eta; apply: E_ext => t.
    have -> : tied_mean U w eta (Xg t) = Gmap U w eta (Xg t) *m eta; last by [].
    rewrite /tied_mean /Gmap mulmx_suml; apply: eq_bigr => j _; rewrite -scalemxAl; congr (_ *: _).
    by rewrite (posterior_bayes w U_orth).
  by apply: le_trans h _; rewrite ler_wpM2r ?B_ge0// lerD2l ler_wpM2l.
have fall : y <= x - c * x ^+ 2.
  apply: le_trans (step_decrease eta) _; rewrite -/x -/f lerD2l lerN2 /c mulrAC ler_pdivrMr//.
  by rewrite -[leRHS]mulrA ler_pM2l// [leRHS]mulrC.
rewrite -natr1; exact: next_step_le x0 y0 q00 c0 fall IH.
Qed.

(* with an invertible A the rate is linear *)
Theorem steps_linear (theta : 'cV[R]_d) (sigma2 : R) n : 0 <= sigma2 <= 1 ->
  (forall h, sigma2 * dot h h <= dot (A *m h) (A *m h)) ->
  q theta n <= (1 - s * (2 - s) * expR (- dot theta theta) * sigma2) ^+ n * dot theta theta.
Proof.
move=> /andP[s0 s1] hA; set q0 := dot theta theta; set e := s * (2 - s) * expR (- q0) * sigma2.
have e1 : e <= 1.
  have u1 : s * (2 - s) <= 1 by have := sqr_ge0 (1 - s); move=> h; lra.
  have u2 : expR (- q0) * sigma2 <= 1 by rewrite mulr_ile1 ?expR_ge0// -expR0 ler_expR oppr_le0 dot_ge0.
  by rewrite /e -mulrA mulr_ile1 ?(ltW s2_gt0)// mulr_ge0 ?expR_ge0.
elim: n => [|n IH]; first by rewrite expr0 mul1r.
rewrite exprS -mulrA; apply: le_trans (ler_wpM2l _ IH); last by rewrite subr_ge0.
set eta := iter n gradient_step theta.
apply: le_trans (step_decrease eta) _; rewrite mulrBl mul1r lerD2l lerN2 /e -!mulrA ler_pM2l// ler_pM2l ?subr_gt0//.
apply: le_trans (gauss_B_lower U_orth w_gt0 w_sum eta eta).
apply: le_trans (ler_wpM2l (expR_ge0 _) (hA eta)); rewrite ler_wpM2r ?mulr_ge0 ?dot_ge0//.
by rewrite ler_expR lerN2; exact: steps_in_ball.
Qed.

End gradient_steps.
