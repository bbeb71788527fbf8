
From Coq Require Import Lia List ZArith.
From Interval Require Import Float.Basic Float.Primitive_ops Interval.Interval Interval.Float_full Real.Xreal.
Import ListNotations.
Open Scope R_scope.

(* Intervals with machine floats as ends. *)
Module F := PrimitiveFloat.
Module I := FloatIntervalFull F.
Definition precision : F.precision := F.PtoP 53.
Notation "x 'lies_in' i" := (contains (I.convert i) (Xreal x)) (at level 70, i at level 69).

Definition integer (n : Z) : I.type := I.fromZ precision n.
Definition quotient (n d : Z) : I.type := I.div precision (integer n) (integer d).
Definition hull (a b c d : Z) : I.type := I.join (quotient a b) (quotient c d).

Lemma integer_in : forall n, IZR n lies_in integer n.
Proof. intros n. apply I.fromZ_correct. Qed.

Lemma in_quotient : forall x y i j, y <> 0 -> x lies_in i -> y lies_in j -> x / y lies_in I.div precision i j.
Proof.
  intros x y i j Hy Hx Hj. generalize (I.div_correct precision i j (Xreal x) (Xreal y) Hx Hj). simpl. unfold Xdiv'.
  rewrite is_zero_false by exact Hy. trivial.
Qed.

Lemma in_sum : forall x y i j, x lies_in i -> y lies_in j -> x + y lies_in I.add precision i j.
Proof. intros x y i j Hx Hj. exact (I.add_correct precision i j (Xreal x) (Xreal y) Hx Hj). Qed.

Lemma in_difference : forall x y i j, x lies_in i -> y lies_in j -> x - y lies_in I.sub precision i j.
Proof. intros x y i j Hx Hj. exact (I.sub_correct precision i j (Xreal x) (Xreal y) Hx Hj). Qed.

Lemma in_product : forall x y i j, x lies_in i -> y lies_in j -> x * y lies_in I.mul precision i j.
Proof. intros x y i j Hx Hj. exact (I.mul_correct precision i j (Xreal x) (Xreal y) Hx Hj). Qed.

Lemma in_square : forall x i, x lies_in i -> x ^ 2 lies_in I.sqr precision i.
Proof.
  intros x i Hx. replace (x ^ 2) with (x * x) by ring. exact (I.sqr_correct precision i (Xreal x) Hx).
Qed.

Lemma in_inverse : forall x i, x <> 0 -> x lies_in i -> / x lies_in I.inv precision i.
Proof.
  intros x i H Hx. generalize (I.inv_correct precision i (Xreal x) Hx). simpl. unfold Xinv'.
  rewrite is_zero_false by exact H. trivial.
Qed.

Lemma in_exponential : forall x i, x lies_in i -> exp x lies_in I.exp precision i.
Proof. intros x i Hx. exact (I.exp_correct precision i (Xreal x) Hx). Qed.

Lemma in_opposite : forall x i, x lies_in i -> - x lies_in I.neg i.
Proof. intros x i Hx. exact (I.neg_correct i (Xreal x) Hx). Qed.

Lemma in_root : forall n, sqrt (IZR n) lies_in I.sqrt precision (integer n).
Proof. intros n. exact (I.sqrt_correct precision _ (Xreal (IZR n)) (integer_in n)). Qed.

Lemma in_hull : forall a b c d x, (0 < b)%Z -> (0 < d)%Z -> IZR a / IZR b <= x <= IZR c / IZR d -> x lies_in hull a b c d.
Proof.
  intros a b c d x Hb Hd Hx. unfold hull, quotient.
  assert (IZR b <> 0) by (apply Rgt_not_eq, IZR_lt; lia). assert (IZR d <> 0) by (apply Rgt_not_eq, IZR_lt; lia).
  apply (contains_connected (I.convert (I.join _ _)) (IZR a / IZR b) (IZR c / IZR d)); [| |exact Hx]; apply I.join_correct;
    [left|right]; apply in_quotient; auto using integer_in.
Qed.

Lemma not_below_zero : forall x i, x lies_in i -> I.sign_large i = Xgt -> 0 <= x.
Proof. intros x i Hx H. generalize (I.sign_large_correct i). rewrite H. intros S. apply (S (Xreal x) Hx). Qed.
