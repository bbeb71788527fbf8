
(* Matrices and vectors, as functions of row and column. *)
Definition rows (entries : list (list R)) (i j : nat) : R := nth j (nth i entries []) 0.
Fixpoint total (f : nat -> R) (n : nat) : R := match n with O => 0 | S i => total f i + f i end.
Definition product (n : nat) (a b : nat -> nat -> R) (i j : nat) : R := total (fun l => a i l * b l j) n.
Definition identity (i j : nat) : R := if Nat.eqb i j then 1 else 0.
Fixpoint power (n : nat) (a : nat -> nat -> R) (p : nat) : nat -> nat -> R :=
  match p with O => identity | S i => product n a (power n a i) end.

(* A = sum of w_p rotation^p in n dimensions, and its Gram matrix. *)
Definition averaged (n : nat) (rotation : nat -> nat -> R) (weights : list R) (i j : nat) : R :=
  weighted_sum weights (fun p => power n rotation p i j) 0.
Definition gram (n : nat) (rotation : nat -> nat -> R) (weights : list R) (i j : nat) : R :=
  total (fun l => averaged n rotation weights l i * averaged n rotation weights l j) n.

(* The columns of the second matrix are the vertices of a regular simplex in k - 1 dimensions, and the first one takes each to
   the next. *)
Definition rotates (k : nat) (rotation vertices : nat -> nat -> R) : Prop :=
  (forall i j, (i < k)%nat -> (j < k)%nat ->
    total (fun l => vertices l i * vertices l j) (k - 1) = if Nat.eqb i j then 1 else - 1 / (INR k - 1)) /\
  (forall i j, (i < k - 1)%nat -> (j < k)%nat ->
    product (k - 1) rotation vertices i j = vertices i (Nat.modulo (j + 1) k)).

Definition rotation_2 := rows [[-1]].
Definition vertices_2 := rows [[1; -1]].

Definition third : R := angle 3 1 1.
Definition rotation_3 := rows [[cos third; - sin third]; [sin third; cos third]].
Definition vertices_3 := rows [[1; cos third; cos third]; [0; sin third; - sin third]].

Definition rotation_4 := rows [[0; -1; 0]; [1; 0; 0]; [0; 0; -1]].
Definition vertices_4 := rows
  [[sqrt 2 / sqrt 3; 0; - (sqrt 2 / sqrt 3); 0]; [0; sqrt 2 / sqrt 3; 0; - (sqrt 2 / sqrt 3)];
   [1 / sqrt 3; - (1 / sqrt 3); 1 / sqrt 3; - (1 / sqrt 3)]].

(* For all real weights the Gram matrix is diagonal, with |transform|^2 as its entries: at frequency 1, and for k = 4 at
   frequency 2 in the third coordinate, whose sign the rotation changes. *)
Definition claim : Prop :=
  (rotates 2 rotation_2 vertices_2 /\ rotates 3 rotation_3 vertices_3 /\ rotates 4 rotation_4 vertices_4) /\
  (forall w0 w1, gram 1 rotation_2 [w0; w1] 0 0 = dft_power [w0; w1] 1) /\
  (forall w0 w1 w2 i j, (i < 2)%nat -> (j < 2)%nat ->
    gram 2 rotation_3 [w0; w1; w2] i j = if Nat.eqb i j then dft_power [w0; w1; w2] 1 else 0) /\
  (forall w0 w1 w2 w3 i j, (i < 3)%nat -> (j < 3)%nat ->
    gram 3 rotation_4 [w0; w1; w2; w3] i j =
    if Nat.eqb i j then dft_power [w0; w1; w2; w3] (if Nat.eqb i 2 then 2 else 1) else 0).
