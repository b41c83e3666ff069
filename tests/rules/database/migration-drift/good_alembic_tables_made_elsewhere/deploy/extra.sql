CREATE TABLE IF NOT EXISTS public.postcodes (code text PRIMARY KEY);
