
(* Uniform weights: the transform vanishes at every frequency but 0, whatever the number of components. *)
Definition claim : Prop := forall k m : nat, (1 <= m < k)%nat -> dft_power (repeat (/ INR k) k) m = 0.
