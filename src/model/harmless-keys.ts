/**
 * Keys of config.json that leave alone which function the weights compute: origin, storage, names of labels, what is
 * returned, and how text is drawn from the model. Source: `PretrainedConfig`, `GPT2Config`, `LlamaConfig` and `Qwen3Config` of
 * Hugging Face's transformers 4 and 5.
 */
export const HARMLESS_EVERYWHERE = [
	...["model_type", "architectures", "_name_or_path", "name_or_path", "_commit_hash", "transformers_version"],
	...["isoflop_run", "task_specific_params", "finetuning_task", "problem_type", "tokenizer_class"],
	...["num_labels", "_num_labels", "id2label", "label2id"],
	...["torch_dtype", "dtype", "use_bfloat16", "torchscript", "tf_legacy_loss", "use_cache", "gradient_checkpointing"],
	...["_attn_implementation", "_attn_implementation_autoset", "attn_implementation", "chunk_size_feed_forward"],
	...["is_decoder", "tie_encoder_decoder", "output_past", "output_hidden_states", "output_attentions", "output_scores"],
	...["return_dict", "return_dict_in_generate", "initializer_range", "unsloth_version", "transformers.js_config"],
	...["bos_token_id", "eos_token_id", "pad_token_id", "sep_token_id", "decoder_start_token_id", "prefix"],
	...["forced_bos_token_id", "forced_eos_token_id", "bad_words_ids", "suppress_tokens", "begin_suppress_tokens"],
	...["max_length", "min_length", "do_sample", "early_stopping", "num_beams", "num_beam_groups", "diversity_penalty"],
	...["temperature", "top_k", "top_p", "typical_p", "repetition_penalty", "length_penalty", "no_repeat_ngram_size"],
	...["encoder_no_repeat_ngram_size", "num_return_sequences", "exponential_decay_length_penalty"],
	...["remove_invalid_values"],
] as const;

/** Dropout acts in other programs' training only; this engine trains without. `n_ctx` repeats `n_positions` unread. */
export const HARMLESS_IN_GPT2 = [
	...["embd_pdrop", "attn_pdrop", "resid_pdrop", "n_ctx", "reorder_and_upcast_attn"],
	...["summary_type", "summary_use_proj", "summary_activation", "summary_first_dropout", "summary_proj_to_labels"],
] as const;

/** `pretraining_tp` cuts the same products into pieces. */
export const HARMLESS_IN_LLAMA = ["attention_dropout", "pretraining_tp", "is_llama_config"] as const;

/** What `isoflop export` writes beside its own description, for readers that look for it. */
export const WRITTEN_BY_US = ["vocab_size", "tie_word_embeddings"] as const;
